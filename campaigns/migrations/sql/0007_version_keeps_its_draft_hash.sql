-- A version may only be superseded; who published it may be forgotten with the account.
CREATE OR REPLACE FUNCTION campaigns_keep_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.campaign_id, NEW.number, NEW.definition, NEW.hash, NEW.draft_hash, NEW.published_at)
       IS DISTINCT FROM
       (OLD.id, OLD.campaign_id, OLD.number, OLD.definition, OLD.hash, OLD.draft_hash, OLD.published_at)
       OR NOT (NEW.published_by_id IS NULL OR NEW.published_by_id IS NOT DISTINCT FROM OLD.published_by_id)
    THEN
        RAISE EXCEPTION 'version % of campaign % is published and never changes', OLD.number, OLD.campaign_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
