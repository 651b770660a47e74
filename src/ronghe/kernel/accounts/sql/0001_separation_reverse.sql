DROP TRIGGER user_stays ON accounts_user;
DROP FUNCTION accounts_user_stays();
DROP TRIGGER only_ended ON accounts_mandate;
DROP TRIGGER only_ended ON accounts_membership;
DROP FUNCTION accounts_only_ended();
DROP TRIGGER administrator_has_no_mandate ON accounts_mandate;
DROP TRIGGER administrator_has_no_mandate ON accounts_membership;
DROP FUNCTION accounts_administrator_has_no_mandate();
