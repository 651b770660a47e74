-- Each function fixes its search_path: a temporary table of the same name must not stand in for the real one.
ALTER FUNCTION accounts_administrator_has_no_mandate() SET search_path = public, pg_temp;
ALTER FUNCTION accounts_only_ended() SET search_path = public, pg_temp;
ALTER FUNCTION accounts_user_stays() SET search_path = public, pg_temp;
