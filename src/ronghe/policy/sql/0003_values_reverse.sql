DROP TRIGGER append_only_rows ON policy_keptruling;
DROP TRIGGER append_only_table ON policy_keptruling;
DROP TRIGGER append_only_rows ON policy_valueclause;
DROP TRIGGER append_only_table ON policy_valueclause;
DROP TRIGGER value_is_only_taken_back ON policy_parametervalue;
DROP TRIGGER value_is_kept ON policy_parametervalue;
DROP TRIGGER values_are_kept ON policy_parametervalue;
DROP FUNCTION policy_value_is_only_taken_back();
