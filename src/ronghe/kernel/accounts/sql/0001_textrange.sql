-- Core GiST compares ranges but not plain texts; a text as a range of itself can stand in an exclusion constraint.
-- (btree_gist would do it too, but a county's database server may not have it.)
CREATE TYPE accounts_textrange AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = accounts_textmultirange);
