-- Instants are milliseconds since 1970-01-01T00:00:00Z. Lists and objects are JSON texts. Ids are ULIDs.
-- The tables that grow with every job name teams and jobs without foreign keys: each would lock a row of its team in every
-- transaction. What they name is made in the same transaction or looked up before.

CREATE TABLE teams (
    id                  TEXT PRIMARY KEY,
    name                TEXT NOT NULL UNIQUE,
    created_at          BIGINT NOT NULL,
    max_running         BIGINT,
    max_queued          BIGINT,
    requests_per_minute BIGINT,
    webhook_secret      BYTEA,
    served_at           BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE users (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (team_id, name)
);

-- A token itself is never stored: only the SHA-256 of it. Those of workers and operators belong to no team.
CREATE TABLE tokens (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('team', 'worker', 'operator')),
    team_id      TEXT REFERENCES teams (id),
    user_id      TEXT,
    scope        TEXT NOT NULL,
    label        TEXT NOT NULL,
    hash         BYTEA NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    revoked_at   BIGINT,
    last_used_at BIGINT,
    CHECK ((kind = 'team') = (team_id IS NOT NULL))
);
CREATE INDEX tokens_of_team ON tokens (team_id, created_at);

CREATE TABLE templates (
    seq           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    team_id       TEXT NOT NULL REFERENCES teams (id),
    kind          TEXT NOT NULL,
    display_name  TEXT NOT NULL,
    status        TEXT NOT NULL,
    error         TEXT,
    src           TEXT,
    file          TEXT,
    sha256        TEXT,
    size          BIGINT,
    metadata      TEXT,
    -- until when a server has it to read
    reading_until BIGINT,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE INDEX templates_of_team ON templates (team_id, seq);
CREATE INDEX templates_to_read ON templates (seq)
    WHERE status IN ('downloading', 'processing') OR (status = 'uploaded' AND metadata IS NULL);
CREATE INDEX templates_by_file ON templates (file) WHERE file IS NOT NULL;

CREATE TABLE fonts (
    id               TEXT PRIMARY KEY,
    team_id          TEXT NOT NULL REFERENCES teams (id),
    file_name        TEXT NOT NULL,
    folded_name      TEXT NOT NULL,
    family_name      TEXT NOT NULL,
    style_name       TEXT NOT NULL,
    post_script_name TEXT NOT NULL,
    file             TEXT NOT NULL,
    sha256           TEXT NOT NULL,
    size             BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    UNIQUE (team_id, folded_name)
);
CREATE INDEX fonts_by_file ON fonts (file);

-- Values are sealed before they come here.
CREATE TABLE secrets (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    name       TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (team_id, name)
);

-- Its rows change often and for a short while: what they leave behind is cleared sooner than is usual.
CREATE TABLE jobs (
    seq              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    team_id          TEXT NOT NULL,
    template_id      TEXT,
    payload          TEXT NOT NULL,
    tags             TEXT NOT NULL,
    priority         BIGINT NOT NULL,
    total_assets     BIGINT NOT NULL,
    output_url       TEXT NOT NULL,
    poster_url       TEXT,
    parent_id        TEXT,
    asset            BIGINT,
    batch_id         TEXT,
    batch_index      BIGINT,
    retry_of         TEXT,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    -- the state: what state.rs moves
    status           TEXT NOT NULL,
    attempt          BIGINT NOT NULL,
    spent            BIGINT NOT NULL DEFAULT 0,
    worker           TEXT,
    lease_until      BIGINT,
    not_before       BIGINT NOT NULL,
    phase            TEXT,
    progress         DOUBLE PRECISION NOT NULL,
    frame            BIGINT NOT NULL DEFAULT 0,
    frames           BIGINT NOT NULL DEFAULT 0,
    render_since     BIGINT,
    eta              BIGINT,
    started_at       BIGINT,
    finished_at      BIGINT,
    error_at         BIGINT,
    cancelled_at     BIGINT,
    -- when it ended, however that was; without it the job is still to be dealt with
    ended_at         BIGINT,
    render_duration  DOUBLE PRECISION,
    error            TEXT,
    warnings         TEXT NOT NULL DEFAULT '[]',
    missing_fonts    TEXT NOT NULL DEFAULT '[]',
    output           TEXT,
    poster           TEXT,
    redacted_at      BIGINT
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX jobs_of_team ON jobs (team_id, seq);
CREATE INDEX jobs_by_status ON jobs (team_id, status, seq);
-- What a claim looks at. The time makes the index enough to tell how long the oldest has waited.
CREATE INDEX jobs_queued ON jobs (team_id, priority DESC, seq, created_at) WHERE status = 'queued';
CREATE INDEX jobs_queued_tagged ON jobs (team_id, priority DESC, seq) WHERE status = 'queued' AND tags <> '[]';
CREATE INDEX jobs_rendering ON jobs (team_id) WHERE status = 'render:dorender';
CREATE INDEX jobs_pending ON jobs (seq) WHERE status = 'pending';
CREATE INDEX jobs_on_lease ON jobs (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX jobs_of_parent ON jobs (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX jobs_of_batch ON jobs (batch_id, batch_index) WHERE batch_id IS NOT NULL;
CREATE INDEX jobs_changed ON jobs (team_id, updated_at, seq);
CREATE INDEX jobs_of_template ON jobs (template_id) WHERE template_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX jobs_with_files ON jobs (ended_at) WHERE output IS NOT NULL OR poster IS NOT NULL;
CREATE INDEX jobs_to_redact ON jobs (ended_at) WHERE ended_at IS NOT NULL AND redacted_at IS NULL;

CREATE TABLE attempts (
    job_id     TEXT NOT NULL,
    attempt    BIGINT NOT NULL,
    worker     TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    outcome    TEXT CHECK (outcome IN ('finished', 'failed', 'lost', 'handed_back', 'cancelled')),
    error      TEXT,
    log        TEXT,
    PRIMARY KEY (job_id, attempt)
);

-- Webhooks to deliver, written in the transaction that moves the job. The id is the `webhook-id`, the same on every try.
-- One that only tries an address belongs to no job.
CREATE TABLE outbox (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    job_id       TEXT,
    status       TEXT NOT NULL,
    method       TEXT NOT NULL,
    url          TEXT NOT NULL,
    headers      TEXT NOT NULL,
    body         TEXT NOT NULL,
    tries        BIGINT NOT NULL DEFAULT 0,
    next_at      BIGINT,
    delivered_at BIGINT,
    dead_at      BIGINT,
    last_status  BIGINT,
    last_error   TEXT,
    created_at   BIGINT NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_of_job ON outbox (job_id);
CREATE INDEX outbox_of_team ON outbox (team_id, created_at);

CREATE TABLE idempotency (
    team_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    body_hash  BYTEA NOT NULL,
    job_id     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, name)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE workers (
    name              TEXT PRIMARY KEY,
    tags              TEXT NOT NULL,
    first_seen        BIGINT NOT NULL,
    last_seen         BIGINT NOT NULL,
    -- distinct jobs that failed here since the last one that did not
    failures          BIGINT NOT NULL DEFAULT 0,
    last_failed       TEXT,
    quarantined_until BIGINT
);

-- What jobs that are no longer kept add to the usage of a day.
CREATE TABLE usage_of_removed (
    team_id        TEXT NOT NULL REFERENCES teams (id),
    day            BIGINT NOT NULL,
    finished       BIGINT NOT NULL,
    failed         BIGINT NOT NULL,
    cancelled      BIGINT NOT NULL,
    frames         BIGINT NOT NULL,
    render_seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (team_id, day)
);

CREATE TABLE audit (
    seq     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id TEXT,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX audit_of_team ON audit (team_id, seq);
