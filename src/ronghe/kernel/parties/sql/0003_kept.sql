-- What the register once said stays: a row may be closed (its recorded range ends) and, for erasing a person, lose what
-- names it; it is never rewritten, reopened or removed. TG_ARGV names the columns that may change besides.
CREATE FUNCTION parties_row_is_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        IF NOT (TG_ARGV @> ARRAY['recorded']) THEN
            RETURN NEW;
        END IF;
        IF NEW.recorded = OLD.recorded
           OR upper_inf(OLD.recorded) AND (isempty(NEW.recorded) OR lower(NEW.recorded) = lower(OLD.recorded)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '表 % 的记录只能关闭，不能改写或删除。更正请另记一条。', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_is_kept';
END $$;

CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON parties_householdmember
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON parties_representative
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON parties_partyname
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded', 'name');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON parties_partyidentifier
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded', 'blind', 'masked', 'warning');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON parties_partymerge
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('undone_at', 'undone_reason');

-- Names and numbers are taken away only from a party that is being erased, and never put back or exchanged.
CREATE FUNCTION parties_only_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM parties_party WHERE id = NEW.party_id AND erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '权利人 % 的名称和号码只在删除个人信息时去除。', NEW.party_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_is_only_erased';
END $$;

CREATE TRIGGER only_erased BEFORE UPDATE ON parties_partyname FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION parties_only_erased();
CREATE TRIGGER only_erased BEFORE UPDATE ON parties_partyidentifier FOR EACH ROW
    WHEN (ROW(OLD.blind, OLD.masked, OLD.warning) IS DISTINCT FROM ROW(NEW.blind, NEW.masked, NEW.warning))
    EXECUTE FUNCTION parties_only_erased();

-- A destroyed key stays destroyed, and a key is never exchanged: what it sealed would be lost.
CREATE FUNCTION parties_key_goes_one_way() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.destroyed_at IS NULL AND NEW.party_id = OLD.party_id
       AND (NEW.destroyed_at IS NOT NULL OR NEW = OLD) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '权利人密钥只能销毁，不能更换、恢复或删除。'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_key_goes_one_way';
END $$;

CREATE TRIGGER key_goes_one_way BEFORE UPDATE OR DELETE ON parties_partykey
    FOR EACH ROW EXECUTE FUNCTION parties_key_goes_one_way();

-- A party is referred to for ever; what kind it is decides what it may hold; what was erased stays erased.
CREATE FUNCTION parties_party_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '权利人只能终止，不能删除。'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_is_never_deleted';
    END IF;
    IF NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION '权利人的类别不能改变。'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_kind_never_changes';
    END IF;
    IF OLD.erased_at IS NOT NULL AND (NEW.erased_at IS DISTINCT FROM OLD.erased_at OR NEW.name <> OLD.name) THEN
        RAISE EXCEPTION '已删除个人信息的权利人不能恢复。'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_stays_erased';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER party_stays BEFORE UPDATE OR DELETE ON parties_party
    FOR EACH ROW EXECUTE FUNCTION parties_party_stays();

-- Members are persons, households are households, bodies are represented by persons.
CREATE FUNCTION parties_kinds_fit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    person_kind text;
    whole_kind text;
BEGIN
    SELECT kind INTO person_kind FROM parties_party WHERE id = NEW.person_id;
    IF TG_TABLE_NAME = 'parties_householdmember' THEN
        SELECT kind INTO whole_kind FROM parties_party WHERE id = NEW.household_id;
        IF whole_kind <> 'household' THEN
            RAISE EXCEPTION '权利人 % 不是农户。', NEW.household_id
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'household_member_kinds_fit';
        END IF;
    ELSE
        SELECT kind INTO whole_kind FROM parties_party WHERE id = NEW.body_id;
        IF whole_kind IN ('person', 'household') THEN
            RAISE EXCEPTION '权利人 % 没有法定代表人。', NEW.body_id
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'representative_kinds_fit';
        END IF;
    END IF;
    IF person_kind <> 'person' THEN
        RAISE EXCEPTION '权利人 % 不是自然人。', NEW.person_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT =
                CASE TG_TABLE_NAME WHEN 'parties_householdmember' THEN 'household_member_kinds_fit'
                                   ELSE 'representative_kinds_fit' END;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER kinds_fit BEFORE INSERT ON parties_householdmember
    FOR EACH ROW EXECUTE FUNCTION parties_kinds_fit();
CREATE TRIGGER kinds_fit BEFORE INSERT ON parties_representative
    FOR EACH ROW EXECUTE FUNCTION parties_kinds_fit();

SELECT ronghe_append_only('parties_partyunmasking');
SELECT ronghe_append_only('parties_mergemove');
