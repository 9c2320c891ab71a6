-- Instants are milliseconds since 1970-01-01T00:00:00Z. Lists and objects are JSON texts. Ids are ULIDs.

CREATE TABLE teams (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

-- A token itself is never stored: only the SHA-256 of it. Workers' tokens belong to no team.
CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('team', 'worker')),
    team_id    TEXT REFERENCES teams (id),
    hash       BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    CHECK ((kind = 'team') = (team_id IS NOT NULL))
) STRICT;

CREATE TABLE templates (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    team_id      TEXT NOT NULL REFERENCES teams (id),
    kind         TEXT NOT NULL,
    display_name TEXT NOT NULL,
    status       TEXT NOT NULL,
    error        TEXT,
    file         TEXT,
    sha256       TEXT,
    size         INTEGER,
    compositions TEXT NOT NULL DEFAULT '[]',
    layers       TEXT NOT NULL DEFAULT '[]',
    mogrt        TEXT NOT NULL DEFAULT '{}',
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX templates_of_team ON templates (team_id, seq);

CREATE TABLE jobs (
    seq              INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT NOT NULL UNIQUE,
    team_id          TEXT NOT NULL REFERENCES teams (id),
    template_id      TEXT,
    payload          TEXT NOT NULL,
    tags             TEXT NOT NULL,
    priority         INTEGER NOT NULL,
    total_assets     INTEGER NOT NULL,
    output_url       TEXT NOT NULL,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    -- the state: what state.rs moves
    status           TEXT NOT NULL,
    attempt          INTEGER NOT NULL,
    worker           TEXT,
    lease_until      INTEGER,
    not_before       INTEGER NOT NULL,
    phase            TEXT,
    progress         REAL NOT NULL,
    started_at       INTEGER,
    finished_at      INTEGER,
    error_at         INTEGER,
    render_duration  REAL,
    error            TEXT,
    warnings         TEXT NOT NULL DEFAULT '[]',
    missing_fonts    TEXT NOT NULL DEFAULT '[]',
    output           TEXT
) STRICT;
CREATE INDEX jobs_of_team ON jobs (team_id, seq);
CREATE INDEX jobs_to_claim ON jobs (priority DESC, seq) WHERE status = 'queued';
CREATE INDEX jobs_on_lease ON jobs (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE attempts (
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    attempt    INTEGER NOT NULL,
    worker     TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    outcome    TEXT CHECK (outcome IN ('finished', 'failed', 'lost')),
    error      TEXT,
    log        TEXT,
    PRIMARY KEY (job_id, attempt)
) STRICT, WITHOUT ROWID;

-- Webhooks to deliver, written in the transaction that moves the job. The id is the `webhook-id`, the same on every try.
CREATE TABLE outbox (
    id           TEXT PRIMARY KEY,
    job_id       TEXT NOT NULL REFERENCES jobs (id),
    status       TEXT NOT NULL,
    method       TEXT NOT NULL,
    url          TEXT NOT NULL,
    headers      TEXT NOT NULL,
    body         TEXT NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER,
    delivered_at INTEGER,
    dead_at      INTEGER,
    last_error   TEXT,
    created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_of_job ON outbox (job_id);
