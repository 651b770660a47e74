-- The use of a homestead is let or contributed (kind 105): it derives from the use, never from the qualification.
CREATE OR REPLACE FUNCTION registry_carries(parent integer, child integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT (child IN (101, 5, 6, 7, 8, 9, 10, 11, 12, 104) AND parent = 1)
       OR (child = 102 AND parent IN (9, 10, 11, 12))
       OR (child = 103 AND parent IN (4, 6, 8))
       OR (child = 105 AND parent IN (5, 6)) $$;

CREATE OR REPLACE FUNCTION registry_parent_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    above registry_rrr%ROWTYPE;
BEGIN
    IF NEW.parent_id IS NULL THEN
        IF NEW.sort = 'right' AND NEW.kind IN (101, 102, 103, 105) THEN
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
