-- Events and their verdicts, both partitioned by month of occurred_at (UTC), so that old months leave by DROP.

CREATE SEQUENCE orchestration_messageevent_id_seq AS bigint;

CREATE TABLE orchestration_messageevent (
    id bigint NOT NULL DEFAULT nextval('orchestration_messageevent_id_seq'),
    message_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    dimension_id bigint NOT NULL,
    recipient_key varchar(200) NOT NULL,
    kind varchar(12) NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    -- Who wrote the row: a reader that stays behind the oldest running transaction can never miss one.
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    provider varchar(40) NOT NULL,
    provider_event_id varchar(200) NOT NULL,
    link_number smallint CHECK (link_number >= 0),
    method varchar(8) NOT NULL DEFAULT '',
    ip inet,
    user_agent varchar(400) NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (occurred_at, id),
    CONSTRAINT one_event_a_provider_event UNIQUE (provider, provider_event_id, occurred_at),
    CONSTRAINT event_kind_is_known CHECK (kind IN (
        'delivered', 'bounced', 'deferred', 'opened', 'clicked', 'probed', 'complained', 'unsubscribed'
    ))
) PARTITION BY RANGE (occurred_at);

ALTER SEQUENCE orchestration_messageevent_id_seq OWNED BY orchestration_messageevent.id;

-- One message's history, in order: trace, and the verdict on a burst of clicks.
CREATE INDEX event_message ON orchestration_messageevent (message_id, occurred_at);
-- Reports and rules begin at a delivery; the index alone answers who did what and when.
CREATE INDEX event_delivery
    ON orchestration_messageevent (delivery_id, kind, message_id) INCLUDE (occurred_at, id, link_number);
-- The roll-up reads in this order.
CREATE INDEX event_transaction ON orchestration_messageevent (transaction_id, id);

CREATE TABLE orchestration_eventverdict (
    occurred_at timestamptz NOT NULL,
    event_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    bot boolean NOT NULL,
    score smallint NOT NULL,
    signals varchar(20)[] NOT NULL,
    ruleset smallint NOT NULL,
    computed_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (occurred_at, event_id)
) PARTITION BY RANGE (occurred_at);

-- Readers ask which hits of a delivery were software's; those are few.
CREATE INDEX verdict_bot ON orchestration_eventverdict (delivery_id, event_id) INCLUDE (occurred_at) WHERE bot;

CREATE INDEX verdict_transaction ON orchestration_eventverdict (transaction_id, event_id);

-- Both stay empty: they exist so that a month nobody made costs a warning and not an event.
CREATE TABLE orchestration_messageevent_default PARTITION OF orchestration_messageevent DEFAULT;
CREATE TABLE orchestration_eventverdict_default PARTITION OF orchestration_eventverdict DEFAULT;

-- Makes the missing ones of `months` months from the one that holds `first` on; returns how many tables it made.
-- A table is filled in and then attached, because CREATE … PARTITION OF would lock out whoever reads or writes.
CREATE FUNCTION orchestration_make_event_months(first timestamptz, months integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    part text;
    starts timestamptz;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('orchestration_make_event_months'));
    FOR step IN 0 .. months - 1 LOOP
        starts := date_trunc('month', first AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
        starts := ((starts AT TIME ZONE 'UTC') + make_interval(months => step)) AT TIME ZONE 'UTC';
        FOREACH parent IN ARRAY ARRAY['orchestration_messageevent', 'orchestration_eventverdict'] LOOP
            part := parent || '_' || to_char(starts AT TIME ZONE 'UTC', 'YYYYMM');
            CONTINUE WHEN to_regclass(part) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
            EXECUTE format(
                'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, starts,
                ((starts AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
            );
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;

SELECT orchestration_make_event_months(now() - interval '1 month', 5);
