-- The rolls keep themselves: rows are closed and never rewritten, filings change only in paper, renewal and end.

CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_collectivemember
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');

SELECT ronghe_append_only('registry_keptright');

-- A member is a person who lives, of a body that is a rural collective.
CREATE FUNCTION registry_member_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    who parties_party%ROWTYPE;
BEGIN
    SELECT * INTO who FROM parties_party WHERE id = NEW.person_id;
    IF who.kind <> 'person' OR (who.state = 'ended' AND who.ended_on <= lower(NEW.valid))
       OR NOT EXISTS (SELECT 1 FROM parties_party WHERE id = NEW.collective_id AND kind = 'collective') THEN
        RAISE EXCEPTION '权利人 % 不能成为集体 % 的成员。', NEW.person_id, NEW.collective_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'member_fits';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER member_fits BEFORE INSERT ON registry_collectivemember
    FOR EACH ROW EXECUTE FUNCTION registry_member_fits();

-- A filing says for good who moved, when and where to; it ends once.
CREATE FUNCTION registry_filing_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_on IS NULL
       AND to_jsonb(OLD) - '{paper_id,renewed_on,ended_on,ended_at,ended_by}'::text[]
         = to_jsonb(NEW) - '{paper_id,renewed_on,ended_on,ended_at,ended_by}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '转移备案只能换证、续办或终止一次，不能改写、恢复或删除。'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'filing_stays';
END $$;

CREATE TRIGGER filing_stays BEFORE UPDATE OR DELETE ON registry_keptrightsfiling
    FOR EACH ROW EXECUTE FUNCTION registry_filing_stays();

-- What a filing lists, it restricts: the restriction is of kept rights and burdens that very right.
CREATE FUNCTION registry_kept_right_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.right_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM registry_rrr r WHERE r.id = NEW.restriction_id AND r.sort = 'restriction' AND r.kind = 205
            AND r.parent_id = NEW.right_id) THEN
        RAISE EXCEPTION '备案所列的权利没有相应的限制登记。'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'kept_right_is_restricted';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER kept_right_fits BEFORE INSERT ON registry_keptright
    FOR EACH ROW EXECUTE FUNCTION registry_kept_right_fits();
