-- A value of a parameter is taken back, never changed: old rulings and audits rest on what it was.
CREATE FUNCTION policy_value_is_only_taken_back() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR to_jsonb(OLD) - 'withdrawn_at' <> to_jsonb(NEW) - 'withdrawn_at' THEN
        RAISE EXCEPTION '参数值 % 只能撤下一次，不能改动；更正请另录一条。', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'parameter_value_is_only_taken_back';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER value_is_only_taken_back BEFORE UPDATE ON policy_parametervalue
    FOR EACH ROW EXECUTE FUNCTION policy_value_is_only_taken_back();
CREATE TRIGGER value_is_kept BEFORE DELETE ON policy_parametervalue
    FOR EACH ROW EXECUTE FUNCTION ronghe_refuse_change();
CREATE TRIGGER values_are_kept BEFORE TRUNCATE ON policy_parametervalue
    FOR EACH STATEMENT EXECUTE FUNCTION ronghe_refuse_change();
ALTER TABLE policy_parametervalue ENABLE ALWAYS TRIGGER value_is_only_taken_back;
ALTER TABLE policy_parametervalue ENABLE ALWAYS TRIGGER value_is_kept;
ALTER TABLE policy_parametervalue ENABLE ALWAYS TRIGGER values_are_kept;

SELECT ronghe_append_only('policy_valueclause');
SELECT ronghe_append_only('policy_keptruling');
