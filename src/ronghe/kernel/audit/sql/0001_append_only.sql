-- The record of acts is written once. The triggers speak to everybody, the owner and superusers included, and are
-- ENABLE ALWAYS, so that session_replication_role = replica does not silence them.

CREATE FUNCTION ronghe_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '表 % 只可追加：% 被拒绝。更正请另记一条。', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_is_append_only',
              TABLE = TG_TABLE_NAME;
END $$;

-- For any append-only table, here and in other rooms: SELECT ronghe_append_only('table');
CREATE FUNCTION ronghe_append_only(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON %s '
                   'FOR EACH ROW EXECUTE FUNCTION ronghe_refuse_change()', target);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION ronghe_refuse_change()', target);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only_rows', target);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only_table', target);
END $$;

-- Only the owner may make tables append-only; the serving role owns none, so calling it would fail anyway.
SELECT ronghe_append_only('audit_event');
SELECT ronghe_append_only('audit_block');
SELECT ronghe_append_only('audit_sealedevent');
SELECT ronghe_append_only('audit_verification');

-- The transaction number is the database's word, never the client's. Not ALWAYS: a logical replica must keep the
-- numbers (and so the digests) of its origin, and pg_restore loads rows before it creates triggers.
CREATE FUNCTION audit_event_enters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.txid := pg_current_xact_id();
    INSERT INTO audit_waiting (event_id) VALUES (NEW.id);
    RETURN NEW;
END $$;

CREATE TRIGGER event_enters BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_enters();

-- TRUNCATE of the queue would lose which events still wait.
CREATE TRIGGER waiting_is_kept BEFORE TRUNCATE ON audit_waiting
    FOR EACH STATEMENT EXECUTE FUNCTION ronghe_refuse_change();
ALTER TABLE audit_waiting ENABLE ALWAYS TRIGGER waiting_is_kept;

-- A block follows the last one without a gap, names its hash, and brings all its positions with it.
CREATE FUNCTION audit_block_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before audit_block%ROWTYPE;
BEGIN
    SELECT * INTO before FROM audit_block ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(before.number, 0) + 1
       OR NEW.first <> COALESCE(before.last, 0) + 1
       OR NEW.previous_hash <> COALESCE(before.hash, decode(repeat('00', 32), 'hex'))
       OR octet_length(NEW.hash) <> 32 THEN
        RAISE EXCEPTION '封存块 % 没有接在上一块之后。', NEW.number
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'block_follows_the_last';
    END IF;
    IF (SELECT count(*) FROM audit_sealedevent WHERE position BETWEEN NEW.first AND NEW.last AND block_id = NEW.number)
       <> NEW.last - NEW.first + 1 THEN
        RAISE EXCEPTION '封存块 % 的位置不齐。', NEW.number
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'block_brings_all_its_positions';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER block_follows BEFORE INSERT ON audit_block FOR EACH ROW EXECUTE FUNCTION audit_block_follows();

-- Positions come before their block: nothing is added to a block that is sealed.
CREATE FUNCTION audit_position_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_block WHERE number = NEW.block_id) THEN
        RAISE EXCEPTION '封存块 % 已经封存，不能再加入位置。', NEW.block_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sealed_block_is_closed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER position_is_new BEFORE INSERT ON audit_sealedevent
    FOR EACH ROW EXECUTE FUNCTION audit_position_is_new();
