-- Versions are history: written once.
CREATE FUNCTION rosters_version_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a version is never changed or removed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rosters_version_stays';
END $$;

CREATE TRIGGER rosters_version_stays BEFORE UPDATE OR DELETE ON rosters_version
    FOR EACH ROW EXECUTE FUNCTION rosters_version_stays();
