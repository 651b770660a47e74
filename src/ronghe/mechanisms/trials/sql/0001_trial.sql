-- What a trial rests on never changes, its state goes one way, and its progress only grows: a result proves its inputs.
CREATE FUNCTION trials_trial_goes_one_way() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    moving CONSTANT text[] := ARRAY['state', 'done_count', 'summary', 'failure', 'started_at', 'ended_at'];
BEGIN
    IF to_jsonb(OLD) - moving <> to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION '试算 % 的规则、表格和参数不能改动；请另做一次试算。', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'trial_inputs_are_fixed';
    END IF;
    IF NEW.done_count < OLD.done_count THEN
        RAISE EXCEPTION '试算 % 的进度不能倒退。', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'trial_progress_only_grows';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'queued'), ('draft', 'running'), ('draft', 'cancelled'), ('queued', 'running'), ('queued', 'cancelled'),
        ('running', 'done'), ('running', 'cancelled'), ('running', 'failed')
    ) OR OLD.state IN ('done', 'cancelled', 'failed') THEN
        RAISE EXCEPTION '试算 % 不能从 % 变为 %。', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'trial_state_goes_one_way';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER trial_goes_one_way BEFORE UPDATE ON trials_trial
    FOR EACH ROW EXECUTE FUNCTION trials_trial_goes_one_way();
CREATE TRIGGER trial_is_kept BEFORE DELETE ON trials_trial
    FOR EACH ROW EXECUTE FUNCTION ronghe_refuse_change();
CREATE TRIGGER trials_are_kept BEFORE TRUNCATE ON trials_trial
    FOR EACH STATEMENT EXECUTE FUNCTION ronghe_refuse_change();
ALTER TABLE trials_trial ENABLE ALWAYS TRIGGER trial_goes_one_way;
ALTER TABLE trials_trial ENABLE ALWAYS TRIGGER trial_is_kept;
ALTER TABLE trials_trial ENABLE ALWAYS TRIGGER trials_are_kept;

SELECT ronghe_append_only('trials_facttable');
SELECT ronghe_append_only('trials_tablechunk');
SELECT ronghe_append_only('trials_trialrow');
