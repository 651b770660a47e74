-- 三员分立, second half: an administrator acts for no party. The exclusion constraints on memberships cannot look into
-- the table of mandates, so both tables ask under the lock of the user's row: of two at the same time, one waits.
CREATE FUNCTION accounts_administrator_has_no_mandate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM accounts_membership post JOIN accounts_mandate mandate USING (user_id)
        WHERE user_id = NEW.user_id AND post.role IN ('system_admin', 'security_admin', 'auditor')
          AND post.valid && mandate.valid
    ) THEN
        RAISE EXCEPTION '三员不得代理权利人：用户 %。', NEW.user_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'administrator_has_no_mandate';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER administrator_has_no_mandate AFTER INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_administrator_has_no_mandate();
CREATE TRIGGER administrator_has_no_mandate AFTER INSERT OR UPDATE ON accounts_mandate
    FOR EACH ROW EXECUTE FUNCTION accounts_administrator_has_no_mandate();

-- Posts and mandates are ended by their last day; what was granted, to whom and by whom stays as it was.
CREATE FUNCTION accounts_only_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid'
       AND NEW.valid <@ OLD.valid AND (isempty(NEW.valid) OR lower(NEW.valid) = lower(OLD.valid)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '表 % 的记录只能终止，不能%。', TG_TABLE_NAME,
        CASE WHEN TG_OP = 'UPDATE' THEN '改写或延长' ELSE '删除' END
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_is_only_ended';
END $$;

CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_only_ended();
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON accounts_mandate
    FOR EACH ROW EXECUTE FUNCTION accounts_only_ended();

-- The record of acts names users by their number for ever: a number is never given up.
CREATE FUNCTION accounts_user_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '用户只能停用，不能删除。'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'user_is_never_deleted';
END $$;

CREATE TRIGGER user_stays BEFORE DELETE ON accounts_user FOR EACH ROW EXECUTE FUNCTION accounts_user_stays();
