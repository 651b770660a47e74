ALTER FUNCTION accounts_administrator_has_no_mandate() RESET search_path;
ALTER FUNCTION accounts_only_ended() RESET search_path;
ALTER FUNCTION accounts_user_stays() RESET search_path;
