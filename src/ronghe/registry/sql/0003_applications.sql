-- What was applied for stays: consents and proofs may come while the case is open, and nothing once it is over.

SELECT ronghe_append_only('registry_applicationholder');
SELECT ronghe_append_only('registry_applicationpart');
SELECT ronghe_append_only('registry_applicationentry');
SELECT ronghe_append_only('registry_lapsefact');

CREATE FUNCTION registry_application_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(OLD) - '{deed_tax_proof,mortgagee_consents,notice_holder_consents}'::text[]
         = to_jsonb(NEW) - '{deed_tax_proof,mortgagee_consents,notice_holder_consents}'::text[]
       AND EXISTS (SELECT 1 FROM casework_case WHERE id = OLD.case_id AND state IN ('open', 'paused')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '登记申请 % 不能改写或删除。', OLD.case_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'application_stays';
END $$;

CREATE TRIGGER application_stays BEFORE UPDATE OR DELETE ON registry_application
    FOR EACH ROW EXECUTE FUNCTION registry_application_stays();

-- Holders and parts are handed in with the application, before the case has moved.
CREATE FUNCTION registry_application_is_new() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM casework_case WHERE id = NEW.application_id AND moves > 0) THEN
        RAISE EXCEPTION '登记申请 % 已经提交，不能再增加权利人或部分。', NEW.application_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'application_is_new';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER application_is_new BEFORE INSERT ON registry_applicationholder
    FOR EACH ROW EXECUTE FUNCTION registry_application_is_new();
CREATE TRIGGER application_is_new BEFORE INSERT ON registry_applicationpart
    FOR EACH ROW EXECUTE FUNCTION registry_application_is_new();
