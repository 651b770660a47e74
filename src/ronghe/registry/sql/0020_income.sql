-- Shares in the income of a collective keep themselves: rows are closed and never rewritten, what is in force never passes
-- the total, and nobody holds a share who is not of the collective.

CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_incomeshares
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_incomeright
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');

-- A certificate is printed and recalled; its number and what it proves never change.
CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE ON registry_incomecertificate
    FOR EACH ROW EXECUTE FUNCTION registry_certificate_stays();

-- Shares are set up by a rural collective alone.
CREATE FUNCTION registry_income_shares_fit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM parties_party WHERE id = NEW.collective_id AND kind = 'collective') THEN
        RAISE EXCEPTION '权利人 % 不是农村集体经济组织，不能设置股权。', NEW.collective_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'income_shares_are_of_a_collective';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER shares_fit BEFORE INSERT ON registry_incomeshares
    FOR EACH ROW EXECUTE FUNCTION registry_income_shares_fit();

-- A holder is a household with somebody on the roll of that collective on the first day; an heir may be another, a person
-- too. A row beside an earlier one of the same collective and holder gives nobody anything new.
CREATE FUNCTION registry_income_holder_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    who text;
BEGIN
    SELECT kind INTO who FROM parties_party WHERE id = NEW.holder_id;
    IF who = 'household' AND (NEW.cause = 'inheritance'
        OR EXISTS (SELECT 1 FROM registry_incomeright r
                   WHERE r.collective_id = NEW.collective_id AND r.holder_id = NEW.holder_id)
        OR EXISTS (SELECT 1 FROM parties_householdmember h JOIN registry_collectivemember m ON m.person_id = h.person_id
                   WHERE h.household_id = NEW.holder_id AND upper_inf(h.recorded) AND h.valid @> lower(NEW.valid)
                     AND m.collective_id = NEW.collective_id AND upper_inf(m.recorded)
                     AND m.valid @> lower(NEW.valid))) THEN
        RETURN NEW;
    END IF;
    IF who = 'person' AND NEW.cause = 'inheritance' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '权利人 % 不是集体 % 的农户，不能持有收益分配权。', NEW.holder_id, NEW.collective_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'income_holder_is_of_the_collective';
END $$;

CREATE TRIGGER holder_fits BEFORE INSERT ON registry_incomeright
    FOR EACH ROW EXECUTE FUNCTION registry_income_holder_fits();

-- On no day do the shares in force pass the total that is set up; whichever of the two moves is judged. The collective is
-- locked first, so that of two at once the second counts what the first has written.
CREATE FUNCTION registry_income_within_total() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    day date;
    held bigint;
    whole bigint;
BEGIN
    PERFORM 1 FROM parties_party WHERE id = NEW.collective_id FOR NO KEY UPDATE;
    FOR day IN
        SELECT lower(valid) FROM registry_incomeright WHERE collective_id = NEW.collective_id AND upper_inf(recorded)
        UNION SELECT lower(valid) FROM registry_incomeshares WHERE collective_id = NEW.collective_id AND upper_inf(recorded)
        UNION SELECT upper(valid) FROM registry_incomeshares
              WHERE collective_id = NEW.collective_id AND upper_inf(recorded) AND NOT upper_inf(valid)
    LOOP
        SELECT coalesce(sum(shares_hundredths), 0) INTO held FROM registry_incomeright
            WHERE collective_id = NEW.collective_id AND upper_inf(recorded) AND valid @> day;
        SELECT coalesce(max(total_hundredths), 0) INTO whole FROM registry_incomeshares
            WHERE collective_id = NEW.collective_id AND upper_inf(recorded) AND valid @> day;
        IF held > whole THEN
            RAISE EXCEPTION '集体 % 在 % 已登记的份额 % 超过总份数 %（百分之一份）。', NEW.collective_id, day, held, whole
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'income_shares_within_total';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER within_total AFTER INSERT OR UPDATE ON registry_incomeright
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_income_within_total();
CREATE CONSTRAINT TRIGGER within_total AFTER INSERT OR UPDATE ON registry_incomeshares
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_income_within_total();

-- What was handed in stays: an application and its list change only in the step in which the list is drawn up.
CREATE FUNCTION registry_income_is_drawn_up(wanted bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM casework_case WHERE id = wanted AND step = 'prepare' AND state = 'open') $$;

CREATE FUNCTION registry_income_line_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wanted bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        wanted := OLD.application_id;
    ELSE
        wanted := NEW.application_id;
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.application_id <> NEW.application_id OR OLD.household_id <> NEW.household_id)
       OR NOT registry_income_is_drawn_up(wanted) THEN
        RAISE EXCEPTION '办件 % 的清单已经提交，退回编制以后才能改动。', wanted
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'income_line_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER line_stays BEFORE INSERT OR UPDATE OR DELETE ON registry_incomeline
    FOR EACH ROW EXECUTE FUNCTION registry_income_line_stays();

CREATE FUNCTION registry_income_application_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.matter = 'first' AND registry_income_is_drawn_up(OLD.case_id)
       AND to_jsonb(OLD) - '{counted_on,total_hundredths,marked_id}'::text[]
         = to_jsonb(NEW) - '{counted_on,total_hundredths,marked_id}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '收益分配权办件 % 不能改写或删除。', OLD.case_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'income_application_stays';
END $$;

CREATE TRIGGER application_stays BEFORE UPDATE OR DELETE ON registry_incomeapplication
    FOR EACH ROW EXECUTE FUNCTION registry_income_application_stays();
