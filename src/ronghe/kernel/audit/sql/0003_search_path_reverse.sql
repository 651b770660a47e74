ALTER FUNCTION ronghe_refuse_change() RESET search_path;
ALTER FUNCTION ronghe_append_only(regclass) RESET search_path;
ALTER FUNCTION audit_event_enters() RESET search_path;
ALTER FUNCTION audit_block_follows() RESET search_path;
ALTER FUNCTION audit_position_is_new() RESET search_path;
