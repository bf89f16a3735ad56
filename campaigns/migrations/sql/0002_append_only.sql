-- What was published, said or done is never rewritten, by whatever door.

CREATE OR REPLACE FUNCTION campaigns_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

-- A version may only be superseded; who published it may be forgotten with the account.
CREATE OR REPLACE FUNCTION campaigns_keep_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.campaign_id, NEW.number, NEW.definition, NEW.hash, NEW.published_at)
       IS DISTINCT FROM
       (OLD.id, OLD.campaign_id, OLD.number, OLD.definition, OLD.hash, OLD.published_at)
       OR NOT (NEW.published_by_id IS NULL OR NEW.published_by_id IS NOT DISTINCT FROM OLD.published_by_id)
    THEN
        RAISE EXCEPTION 'version % of campaign % is published and never changes', OLD.number, OLD.campaign_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;

-- An entry of the audit log may only lose its account; the name it was made under stays.
CREATE OR REPLACE FUNCTION campaigns_keep_entry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'actor_id' IS DISTINCT FROM to_jsonb(OLD) - 'actor_id' OR NEW.actor_id IS NOT NULL THEN
        RAISE EXCEPTION 'the audit log is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER version_is_frozen BEFORE UPDATE ON campaigns_campaignversion
    FOR EACH ROW EXECUTE FUNCTION campaigns_keep_version();
CREATE OR REPLACE TRIGGER version_stays BEFORE DELETE ON campaigns_campaignversion
    FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_change();
CREATE OR REPLACE TRIGGER audit_entry_is_frozen BEFORE UPDATE ON campaigns_auditentry
    FOR EACH ROW EXECUTE FUNCTION campaigns_keep_entry();
CREATE OR REPLACE TRIGGER audit_entry_stays BEFORE DELETE ON campaigns_auditentry
    FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_change();
CREATE OR REPLACE TRIGGER consent_record_is_frozen BEFORE UPDATE OR DELETE ON campaigns_consentrecord
    FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_change();
