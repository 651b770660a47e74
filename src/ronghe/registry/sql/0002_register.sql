-- The register keeps itself: rows are closed and never rewritten, shares never pass the whole, a derived right lies in
-- the time of the right it derives from, units end once and descend from units.

-- What the rows said stays (the function is that of kernel/parties: only `recorded` may be closed).
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_right
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_restriction
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_responsibility
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');
CREATE TRIGGER row_is_kept BEFORE UPDATE OR DELETE ON registry_spatialunitversion
    FOR EACH ROW EXECUTE FUNCTION parties_row_is_kept('recorded');

SELECT ronghe_append_only('registry_rrr');
SELECT ronghe_append_only('registry_administrativesource');
SELECT ronghe_append_only('registry_spatialsource');
SELECT ronghe_append_only('registry_unitground');
SELECT ronghe_append_only('registry_lineage');

-- A unit, or its ground, ends once; nothing else of it changes.
CREATE FUNCTION registry_ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_on IS NULL
       AND to_jsonb(OLD) - '{ended_on,ended_at}'::text[] = to_jsonb(NEW) - '{ended_on,ended_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% 只能终止一次，不能改写、恢复或删除。', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_ends_once';
END $$;

CREATE TRIGGER ends_once BEFORE UPDATE OR DELETE ON registry_baunit
    FOR EACH ROW EXECUTE FUNCTION registry_ends_once();
CREATE TRIGGER ends_once BEFORE UPDATE OR DELETE ON registry_spatialunit
    FOR EACH ROW EXECUTE FUNCTION registry_ends_once();

-- A certificate is printed and recalled; its number and what it proves never change.
CREATE FUNCTION registry_certificate_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(OLD) - '{paper_id,recalled_on,recalled_at,recall_reason}'::text[]
         = to_jsonb(NEW) - '{paper_id,recalled_on,recalled_at,recall_reason}'::text[]
       AND (OLD.recalled_on IS NULL OR (OLD.recalled_on, OLD.recalled_at, OLD.recall_reason)
                                     = (NEW.recalled_on, NEW.recalled_at, NEW.recall_reason)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '证书只能补印或收回，不能改写、恢复或删除。'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'certificate_stays';
END $$;

CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE ON registry_certificate
    FOR EACH ROW EXECUTE FUNCTION registry_certificate_stays();

-- The numbers of a series only grow: none is given twice.
CREATE FUNCTION registry_series_grows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.series = OLD.series AND NEW.last >= OLD.last THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '宗地顺序号只增不减。'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'code_series_grows';
END $$;

CREATE TRIGGER series_grows BEFORE UPDATE OR DELETE ON registry_codeseries
    FOR EACH ROW EXECUTE FUNCTION registry_series_grows();

-- Each row says of its right, restriction or duty what it is: same unit, same kind. Rights name a holder who lives: whoever
-- has ended by the day of entry gets none that goes on after that day. A row that gives way to a shorter one of the same
-- right and holder gives nobody anything.
CREATE FUNCTION registry_row_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_rrr registry_rrr%ROWTYPE;
    holder parties_party%ROWTYPE;
BEGIN
    SELECT * INTO of_rrr FROM registry_rrr WHERE id = NEW.rrr_id;
    IF of_rrr.baunit_id IS DISTINCT FROM NEW.baunit_id OR of_rrr.kind IS DISTINCT FROM NEW.kind
       OR of_rrr.sort <> TG_ARGV[0] THEN
        RAISE EXCEPTION '这一行与它所属的权利、限制或责任不一致。'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rrr_row_fits';
    END IF;
    IF TG_ARGV[0] <> 'right' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO holder FROM parties_party WHERE id = NEW.party_id;
    IF holder.state = 'ended' AND (upper_inf(NEW.valid) OR upper(NEW.valid) > holder.ended_on)
       AND holder.ended_on <= greatest(lower(NEW.valid), (lower(NEW.recorded) AT TIME ZONE 'Asia/Shanghai')::date)
       AND NOT EXISTS (SELECT 1 FROM registry_right r
                       WHERE r.rrr_id = NEW.rrr_id AND r.party_id = NEW.party_id AND NEW.valid <@ r.valid
                         AND (isempty(r.recorded) OR upper(r.recorded) = lower(NEW.recorded))) THEN
        RAISE EXCEPTION '权利人 % 已经死亡或终止，不能取得在那以后仍有效的权利。', NEW.party_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'right_holder_lives';
    END IF;
    IF (NEW.kind = 1 AND holder.kind NOT IN ('collective', 'agency'))
       OR (NEW.kind = 101 AND holder.kind <> 'household')
       OR (NEW.kind IN (5, 6) AND holder.kind NOT IN ('person', 'household')) THEN
        RAISE EXCEPTION '权利类型 % 不能由权利人 % 持有。', NEW.kind, NEW.party_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'right_holder_fits';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER row_fits BEFORE INSERT ON registry_right
    FOR EACH ROW EXECUTE FUNCTION registry_row_fits('right');
CREATE TRIGGER row_fits BEFORE INSERT ON registry_restriction
    FOR EACH ROW EXECUTE FUNCTION registry_row_fits('restriction');
CREATE TRIGGER row_fits BEFORE INSERT ON registry_responsibility
    FOR EACH ROW EXECUTE FUNCTION registry_row_fits('duty');

-- Kinds that stand for the same use of the ground are one when shares are added up: of these a unit has one.
CREATE FUNCTION registry_line_of(kind integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN kind IN (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 104) THEN 3 ELSE kind END $$;

-- Shares of one unit and line never pass the whole, on any day; joint and other holders do not mix. Days are compared by
-- intersection: with && and @> a planner that has no figures yet reads all rights of these days for each row.
CREATE FUNCTION registry_shares_are_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    others integer;
    day date;
    one record;
    num numeric;
    den numeric;
    common numeric;
    joint integer;
    shared integer;
BEGIN
    -- What was closed again before the transaction ends is asked no more.
    IF NOT EXISTS (SELECT 1 FROM registry_right WHERE id = NEW.id AND upper_inf(recorded)) THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO others FROM registry_right r
        WHERE r.baunit_id = NEW.baunit_id AND registry_line_of(r.kind) = registry_line_of(NEW.kind)
          AND upper_inf(r.recorded) AND r.id <> NEW.id AND NOT isempty(r.valid * NEW.valid);
    IF others = 0 THEN
        RETURN NULL;
    END IF;
    FOR day IN SELECT DISTINCT greatest(lower(r.valid), lower(NEW.valid)) FROM registry_right r
        WHERE r.baunit_id = NEW.baunit_id AND registry_line_of(r.kind) = registry_line_of(NEW.kind)
          AND upper_inf(r.recorded) AND NOT isempty(r.valid * NEW.valid)
    LOOP
        num := 0; den := 1; joint := 0; shared := 0;
        FOR one IN SELECT r.share_num, r.share_den FROM registry_right r
            WHERE r.baunit_id = NEW.baunit_id AND registry_line_of(r.kind) = registry_line_of(NEW.kind)
              AND upper_inf(r.recorded) AND NOT isempty(r.valid * daterange(day, day, '[]'))
        LOOP
            IF one.share_num IS NULL THEN
                joint := joint + 1;
            ELSE
                shared := shared + 1;
                num := num * one.share_den + one.share_num * den;
                den := den * one.share_den;
                common := gcd(num, den);
                num := num / common;
                den := den / common;
            END IF;
        END LOOP;
        IF num > den OR (joint > 0 AND shared > 0) THEN
            RAISE EXCEPTION '单元 % 的权利份额在 % 超过一个整体（%/%），或共同共有与其他方式并存。',
                NEW.baunit_id, day, num, den
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'right_shares_pass_the_whole';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER shares_are_whole AFTER INSERT ON registry_right
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_shares_are_whole();

-- The time of a right as it stands now: all its rows together.
CREATE FUNCTION registry_time_of(right_id bigint) RETURNS datemultirange LANGUAGE sql STABLE AS
$$ SELECT coalesce(range_agg(valid), '{}'::datemultirange) FROM registry_right
   WHERE rrr_id = right_id AND upper_inf(recorded) $$;

-- A derived right, or a restriction of a right, lies in the time of its parent; whichever of the two moves is judged.
CREATE FUNCTION registry_stays_in_parent() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    above bigint;
    around datemultirange;
    child bigint;
    stands boolean;
BEGIN
    IF TG_TABLE_NAME = 'registry_right' THEN
        SELECT upper_inf(recorded) INTO stands FROM registry_right WHERE id = NEW.id;
    ELSE
        SELECT upper_inf(recorded) INTO stands FROM registry_restriction WHERE id = NEW.id;
    END IF;
    SELECT parent_id INTO above FROM registry_rrr WHERE id = NEW.rrr_id;
    IF above IS NOT NULL AND stands AND NOT NEW.valid <@ registry_time_of(above) THEN
        RAISE EXCEPTION '期限 % 超出所依附权利的期限。', NEW.valid
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rrr_term_within_parent';
    END IF;
    IF TG_TABLE_NAME <> 'registry_right' OR stands THEN
        RETURN NULL;
    END IF;
    around := registry_time_of(NEW.rrr_id);
    FOR child IN SELECT id FROM registry_rrr WHERE parent_id = NEW.rrr_id
    LOOP
        IF EXISTS (SELECT 1 FROM registry_right WHERE rrr_id = child AND upper_inf(recorded) AND NOT valid <@ around)
           OR EXISTS (SELECT 1 FROM registry_restriction WHERE rrr_id = child AND upper_inf(recorded)
                      AND NOT valid <@ around) THEN
            RAISE EXCEPTION '权利 % 终止，依附于它的权利 % 没有随之终止。', NEW.rrr_id, child
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rrr_ends_with_parent';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER stays_in_parent AFTER INSERT OR UPDATE ON registry_right
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_stays_in_parent();
CREATE CONSTRAINT TRIGGER stays_in_parent AFTER INSERT ON registry_restriction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_stays_in_parent();

-- A derived right derives from a right of the same unit, of a kind that carries it.
CREATE FUNCTION registry_carries(parent integer, child integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT (child IN (101, 5, 6, 7, 8, 9, 10, 11, 12, 104) AND parent = 1)
       OR (child = 102 AND parent IN (9, 10, 11, 12))
       OR (child = 103 AND parent IN (4, 6, 8)) $$;

CREATE FUNCTION registry_parent_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    above registry_rrr%ROWTYPE;
BEGIN
    IF NEW.parent_id IS NULL THEN
        IF NEW.sort = 'right' AND NEW.kind IN (101, 102, 103) THEN
            RAISE EXCEPTION '权利类型 % 须依附于另一项权利。', NEW.kind
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rrr_parent_fits';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO above FROM registry_rrr WHERE id = NEW.parent_id;
    IF above.baunit_id <> NEW.baunit_id OR above.sort <> 'right'
       OR (NEW.sort = 'right' AND NOT registry_carries(above.kind, NEW.kind)) THEN
        RAISE EXCEPTION '权利类型 % 不能依附于权利类型 %。', NEW.kind, above.kind
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rrr_parent_fits';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER parent_fits BEFORE INSERT ON registry_rrr
    FOR EACH ROW EXECUTE FUNCTION registry_parent_fits();

-- Nothing new stands in a unit that has ended.
CREATE FUNCTION registry_unit_ended() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.ended_on IS NOT NULL AND (
        EXISTS (SELECT 1 FROM registry_right WHERE baunit_id = NEW.id AND upper_inf(recorded)
                AND (upper_inf(valid) OR upper(valid) > NEW.ended_on))
        OR EXISTS (SELECT 1 FROM registry_restriction WHERE baunit_id = NEW.id AND upper_inf(recorded)
                AND (upper_inf(valid) OR upper(valid) > NEW.ended_on))) THEN
        RAISE EXCEPTION '单元 % 已终止，仍有权利或限制没有终止。', NEW.code
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'baunit_ends_with_its_rights';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER unit_ended AFTER UPDATE ON registry_baunit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_unit_ended();

CREATE FUNCTION registry_unit_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    until date;
BEGIN
    SELECT ended_on INTO until FROM registry_baunit WHERE id = NEW.baunit_id FOR SHARE;
    IF until IS NOT NULL AND (upper_inf(NEW.valid) OR upper(NEW.valid) > until) THEN
        RAISE EXCEPTION '单元 % 已于 % 终止。', NEW.baunit_id, until
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'baunit_stands';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER unit_stands BEFORE INSERT ON registry_right
    FOR EACH ROW EXECUTE FUNCTION registry_unit_stands();
CREATE TRIGGER unit_stands BEFORE INSERT ON registry_restriction
    FOR EACH ROW EXECUTE FUNCTION registry_unit_stands();
