-- Teams have limits, users and tokens with scopes; jobs have parents, batches and posters; fonts, secrets, idempotency
-- keys, workers, usage and the audit log come new.

ALTER TABLE teams ADD COLUMN max_running INTEGER;
ALTER TABLE teams ADD COLUMN max_queued INTEGER;
ALTER TABLE teams ADD COLUMN requests_per_minute INTEGER;
ALTER TABLE teams ADD COLUMN webhook_secret BLOB;
ALTER TABLE teams ADD COLUMN served_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE users (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (team_id, name)
) STRICT;

-- Tokens made before there were scopes could do everything.
CREATE TABLE tokens_with_scopes (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('team', 'worker', 'operator')),
    team_id      TEXT REFERENCES teams (id),
    user_id      TEXT,
    scope        TEXT NOT NULL,
    label        TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_at INTEGER,
    CHECK ((kind = 'team') = (team_id IS NOT NULL))
) STRICT;
INSERT INTO tokens_with_scopes (id, kind, team_id, scope, label, hash, created_at)
    SELECT id, kind, team_id, 'admin', '', hash, created_at FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_with_scopes RENAME TO tokens;
CREATE INDEX tokens_of_team ON tokens (team_id, created_at);

-- What is in a template is kept whole. Templates read by an earlier version stay usable and are read again.
ALTER TABLE templates ADD COLUMN src TEXT;
ALTER TABLE templates ADD COLUMN metadata TEXT;
ALTER TABLE templates ADD COLUMN reading_until INTEGER;
ALTER TABLE templates DROP COLUMN compositions;
ALTER TABLE templates DROP COLUMN layers;
ALTER TABLE templates DROP COLUMN mogrt;
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
    size             INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    UNIQUE (team_id, folded_name)
) STRICT;
CREATE INDEX fonts_by_file ON fonts (file);

-- Values are sealed before they come here.
CREATE TABLE secrets (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    name       TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (team_id, name)
) STRICT;

ALTER TABLE jobs ADD COLUMN parent_id TEXT;
ALTER TABLE jobs ADD COLUMN asset INTEGER;
ALTER TABLE jobs ADD COLUMN batch_id TEXT;
ALTER TABLE jobs ADD COLUMN batch_index INTEGER;
ALTER TABLE jobs ADD COLUMN retry_of TEXT;
ALTER TABLE jobs ADD COLUMN poster_url TEXT;
ALTER TABLE jobs ADD COLUMN poster TEXT;
ALTER TABLE jobs ADD COLUMN frame INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN frames INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN render_since INTEGER;
ALTER TABLE jobs ADD COLUMN eta INTEGER;
ALTER TABLE jobs ADD COLUMN cancelled_at INTEGER;
-- When it ended, however that was; without it the job is still to be dealt with.
ALTER TABLE jobs ADD COLUMN ended_at INTEGER;
ALTER TABLE jobs ADD COLUMN redacted_at INTEGER;
UPDATE jobs SET ended_at = coalesce(finished_at, error_at);
DROP INDEX jobs_to_claim;
CREATE INDEX jobs_by_status ON jobs (team_id, status, seq);
-- What a claim looks at. The time makes the index enough to tell how long the oldest has waited.
CREATE INDEX jobs_queued ON jobs (team_id, priority DESC, seq, created_at) WHERE status = 'queued';
CREATE INDEX jobs_queued_tagged ON jobs (team_id, priority DESC, seq) WHERE status = 'queued' AND tags <> '[]';
CREATE INDEX jobs_rendering ON jobs (team_id) WHERE status = 'render:dorender';
CREATE INDEX jobs_pending ON jobs (seq) WHERE status = 'pending';
CREATE INDEX jobs_of_parent ON jobs (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX jobs_of_batch ON jobs (batch_id, batch_index) WHERE batch_id IS NOT NULL;
CREATE INDEX jobs_changed ON jobs (team_id, updated_at, seq);
CREATE INDEX jobs_of_template ON jobs (template_id) WHERE template_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX jobs_with_files ON jobs (ended_at) WHERE output IS NOT NULL OR poster IS NOT NULL;
CREATE INDEX jobs_to_redact ON jobs (ended_at) WHERE ended_at IS NOT NULL AND redacted_at IS NULL;

CREATE TABLE attempts_with_outcomes (
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    attempt    INTEGER NOT NULL,
    worker     TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    outcome    TEXT CHECK (outcome IN ('finished', 'failed', 'lost', 'handed_back', 'cancelled')),
    error      TEXT,
    log        TEXT,
    PRIMARY KEY (job_id, attempt)
) STRICT, WITHOUT ROWID;
INSERT INTO attempts_with_outcomes SELECT job_id, attempt, worker, started_at, ended_at, outcome, error, log FROM attempts;
DROP TABLE attempts;
ALTER TABLE attempts_with_outcomes RENAME TO attempts;

-- A webhook that only tries an address belongs to no job.
CREATE TABLE outbox_of_teams (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL REFERENCES teams (id),
    job_id       TEXT REFERENCES jobs (id),
    status       TEXT NOT NULL,
    method       TEXT NOT NULL,
    url          TEXT NOT NULL,
    headers      TEXT NOT NULL,
    body         TEXT NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER,
    delivered_at INTEGER,
    dead_at      INTEGER,
    last_status  INTEGER,
    last_error   TEXT,
    created_at   INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_of_teams (id, team_id, job_id, status, method, url, headers, body, tries, next_at, delivered_at, dead_at,
                             last_error, created_at)
    SELECT outbox.id, jobs.team_id, job_id, outbox.status, method, url, headers, body, tries, next_at, delivered_at, dead_at,
           last_error, outbox.created_at
    FROM outbox JOIN jobs ON jobs.id = outbox.job_id;
DROP TABLE outbox;
ALTER TABLE outbox_of_teams RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_of_job ON outbox (job_id);
CREATE INDEX outbox_of_team ON outbox (team_id, created_at);

CREATE TABLE idempotency (
    team_id    TEXT NOT NULL REFERENCES teams (id),
    name       TEXT NOT NULL,
    body_hash  BLOB NOT NULL,
    job_id     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE workers (
    name              TEXT PRIMARY KEY,
    tags              TEXT NOT NULL,
    first_seen        INTEGER NOT NULL,
    last_seen         INTEGER NOT NULL,
    -- distinct jobs that failed here since the last one that did not
    failures          INTEGER NOT NULL DEFAULT 0,
    last_failed       TEXT,
    quarantined_until INTEGER
) STRICT, WITHOUT ROWID;

-- What jobs that are no longer kept add to the usage of a day.
CREATE TABLE usage_of_removed (
    team_id        TEXT NOT NULL REFERENCES teams (id),
    day            INTEGER NOT NULL,
    finished       INTEGER NOT NULL,
    failed         INTEGER NOT NULL,
    cancelled      INTEGER NOT NULL,
    frames         INTEGER NOT NULL,
    render_seconds REAL NOT NULL,
    PRIMARY KEY (team_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    team_id TEXT,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_of_team ON audit (team_id, seq);
