-- What stood before features had versions: all of it came with the version that its layer has now.
UPDATE spatial_feature f SET since = l.version FROM spatial_layer l WHERE l.id = f.layer_id;
UPDATE spatial_layer l SET feature_count = (SELECT count(*) FROM spatial_feature f WHERE f.layer_id = l.id);
INSERT INTO spatial_layerversion
    (layer_id, number, digest, feature_count, added, changed, removed, origin, note, user_id, at)
SELECT l.id, l.version, l.digest, l.feature_count, l.feature_count, 0, 0, left(l.source, 200), '',
       NULL, COALESCE((SELECT max(s.loaded_at) FROM spatial_layersource s WHERE s.layer_id = l.id), now())
FROM spatial_layer l WHERE l.version > 0;

-- Deferred checks of the rows above are done now: tables with pending ones cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- A feature is never overwritten: its former form goes into history, whoever changes or removes it.
CREATE FUNCTION spatial_feature_leaves_its_form() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO spatial_featureversion
        (layer_id, code, name, geometry, box, area_m2, attributes, repaired, digest, division_id, since, until)
    SELECT o.layer_id, o.code, o.name, o.geometry, o.box, o.area_m2, o.attributes, o.repaired, o.digest, o.division_id,
           o.since, l.version
    FROM old_rows o JOIN spatial_layer l ON l.id = o.layer_id;
    RETURN NULL;
END $$;

CREATE TRIGGER spatial_feature_leaves_its_form AFTER UPDATE ON spatial_feature
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION spatial_feature_leaves_its_form();
CREATE TRIGGER spatial_feature_leaves_its_last_form AFTER DELETE ON spatial_feature
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION spatial_feature_leaves_its_form();

-- A form begins with the version that its layer has now; a feature keeps its layer and its code.
CREATE FUNCTION spatial_feature_begins_now() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN spatial_layer l ON l.id = n.layer_id WHERE n.since <> l.version) THEN
        RAISE EXCEPTION 'a feature begins with the present version of its layer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'feature_begins_with_its_layers_version';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER spatial_feature_begins_now AFTER INSERT ON spatial_feature
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION spatial_feature_begins_now();
CREATE TRIGGER spatial_feature_goes_on_now AFTER UPDATE ON spatial_feature
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION spatial_feature_begins_now();

CREATE FUNCTION spatial_feature_keeps_its_code() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a feature keeps its layer and its code'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'feature_keeps_its_code';
END $$;

CREATE TRIGGER spatial_feature_keeps_its_code BEFORE UPDATE ON spatial_feature
    FOR EACH ROW WHEN (OLD.code <> NEW.code OR OLD.layer_id <> NEW.layer_id)
    EXECUTE FUNCTION spatial_feature_keeps_its_code();

-- History is written once.
CREATE FUNCTION spatial_history_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the history of a layer is never changed or removed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'spatial_history_stays';
END $$;

CREATE TRIGGER spatial_layerversion_stays BEFORE UPDATE OR DELETE ON spatial_layerversion
    FOR EACH ROW EXECUTE FUNCTION spatial_history_stays();
CREATE TRIGGER spatial_featureversion_stays BEFORE UPDATE OR DELETE ON spatial_featureversion
    FOR EACH ROW EXECUTE FUNCTION spatial_history_stays();
