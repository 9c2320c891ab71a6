//! Every setting: its name, what it is when nobody sets it, what it does. Flags, help, environment variables, the file and
//! the table of `filmpress config` are made from this.
//!
//! To add one: a line here, and its use in `serve.rs` or `worker.rs`.

use super::kind::Kind::{self, Address, List, Number, Path, Size, Switch, Text, Time, Url, Word};

/// Commands that use a setting, as bits.
pub type Use = u8;
/// `filmpress serve`.
pub const SERVE: Use = 1;
/// `filmpress worker`.
pub const WORKER: Use = 2;
/// Commands that open the database: `token`, `team`, `user`, `workers`, `secret-key`.
pub const DATABASE: Use = 4;
/// All of them.
pub const ALL: Use = SERVE | WORKER | DATABASE;

/// A setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the file and, with `--`, on the command line.
    pub name: &'static str,
    /// What it does, in a sentence or two.
    pub what: &'static str,
    /// Its value when nobody sets it; empty where there is none.
    pub default: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// Which commands use it.
    pub used_by: Use,
    /// Whether its value is never shown. It can be given as a file too, under the name with `-file` at the end.
    pub is_secret: bool,
    /// The heading it stands under.
    pub group: &'static str,
    /// An older or shorter name on the command line.
    pub alias: Option<&'static str>,
    /// Its environment variable, where that is not made from the name.
    pub variable: Option<&'static str>,
}

impl Setting {
    /// Its environment variable.
    pub fn variable(&self) -> String {
        let made = || format!("FILMPRESS_{}", self.name.to_ascii_uppercase().replace('-', "_"));
        self.variable.map_or_else(made, str::to_owned)
    }
}

const fn of(
    group: &'static str,
    used_by: Use,
    name: &'static str,
    kind: Kind,
    default: &'static str,
    what: &'static str,
) -> Setting {
    Setting {
        name,
        what,
        default,
        kind,
        used_by,
        is_secret: false,
        group,
        alias: None,
        variable: None,
    }
}

const fn secret(group: &'static str, used_by: Use, name: &'static str, what: &'static str) -> Setting {
    Setting {
        is_secret: true,
        ..of(group, used_by, name, Text, "", what)
    }
}

const SERVER: &str = "Server";
const STORES: &str = "Database and files";
const KEYS: &str = "Keys";
const KEEPING: &str = "What is kept how long";
const LIMITS: &str = "Limits of the API";
const JOBS: &str = "Jobs and workers";
const DRAWING: &str = "Drawing";
const JOB_LIMITS: &str = "What one job may take";
const LOGS: &str = "Logs, metrics and traces";

/// Every setting, in the order it is shown in.
#[rustfmt::skip]
pub const TABLE: &[Setting] = &[
    of(SERVER, SERVE, "listen", Address, "127.0.0.1:8100", "Where to listen; port 0 takes a free one and prints it."),
    of(SERVER, SERVE, "public-url", Url, "", "The address clients know the server by. Without it, the one they called it by."),
    of(SERVER, SERVE, "strict", Switch, "false", "Whether jobs that say nothing about `strict` are checked against their template before they are accepted."),
    of(SERVER, SERVE | WORKER, "reach", Word(&["public", "loopback", "private"]), "", "Which addresses URLs in jobs, templates and webhooks may lead to. Without it public ones, and for a server that listens on loopback only, also this machine."),
    of(STORES, ALL, "data", Path, "", "The data folder. Without it the platform's usual place."),
    secret(STORES, SERVE | DATABASE, "database-url", "`postgres://...` for PostgreSQL. Without it SQLite, in the data folder."),
    of(STORES, SERVE, "storage", Word(&["disk", "s3"]), "disk", "Where templates, fonts and outputs are: in the data folder, or in a bucket."),
    of(STORES, SERVE, "s3-endpoint", Url, "https://s3.amazonaws.com", "The store's address, for the server and the workers."),
    of(STORES, SERVE, "s3-public-endpoint", Url, "", "The store's address for clients, where that is another one."),
    of(STORES, SERVE, "s3-redirect", Switch, "true", "Whether clients are sent to the store for files; if not, the server passes them on."),
    of(STORES, SERVE, "s3-region", Text, "us-east-1", "The region; `auto` where the store has none."),
    of(STORES, SERVE, "s3-bucket", Text, "", "The bucket's name."),
    of(STORES, SERVE, "s3-prefix", Text, "", "What every key in the bucket begins with."),
    of(STORES, SERVE, "s3-path-style", Switch, "true", "Whether the bucket is a part of the path and not of the host's name."),
    secret(STORES, SERVE, "s3-access-key", "Who the server is to the store."),
    secret(STORES, SERVE, "s3-secret-key", "What proves it."),
    secret(STORES, SERVE, "s3-session-token", "What else proves it, where access is for a time."),
    secret(KEYS, SERVE | DATABASE, "secrets-key", "The keys that seal the teams' secrets, 64 hexadecimal digits each, the newest first. Without them `secrets.key` in the data folder, made at the first start. Servers that share a database need the same."),
    secret(KEYS, SERVE, "signing-key", "The key that signs URLs, 64 hexadecimal digits. Without it `signing.key` in the data folder; with PostgreSQL one made from the oldest secrets key."),
    secret(KEYS, SERVE, "metrics-token", "The token that `/metrics` asks for. Without it, it asks for none."),
    of(KEEPING, SERVE, "keep-outputs", Time, "0", "How long outputs are kept after their job ended; 0 is for ever."),
    of(KEEPING, SERVE, "keep-jobs", Time, "0", "How long jobs are kept after they ended, and their outputs with them; 0 is for ever."),
    of(KEEPING, SERVE, "keep-logs", Time, "30d", "How long logs and the values of assets are kept after a job ended; 0 is for ever."),
    of(KEEPING, SERVE, "keep-idempotency", Time, "24h", "How long an `Idempotency-Key` brings back its first answer."),
    of(LIMITS, SERVE, "rate-limit", Number(0, 1_000_000), "0", "Requests a minute and token; 0 is no limit. Each server counts for itself."),
    of(LIMITS, SERVE, "rate-limit-jobs", Number(0, 1_000_000), "0", "Requests a minute and token that make jobs; 0 is no limit."),
    of(LIMITS, SERVE, "rate-limit-templates", Number(0, 1_000_000), "0", "Requests a minute and token that make templates; 0 is no limit."),
    of(LIMITS, SERVE, "request-timeout", Time, "60s", "How long a request may take that carries no file."),
    of(LIMITS, SERVE, "header-timeout", Time, "20s", "How long a client may take for a request's headers."),
    of(LIMITS, SERVE, "body-timeout", Time, "60s", "How long a client may send nothing in the middle of a body."),
    of(LIMITS, SERVE, "header-size", Size, "64K", "The largest headers of a request."),
    of(LIMITS, SERVE, "event-streams", Number(0, 100_000), "2000", "Event streams open at a time."),
    of(LIMITS, SERVE, "team-event-streams", Number(0, 100_000), "100", "Event streams of one team open at a time."),
    of(LIMITS, SERVE, "webhook-timeout", Time, "10s", "How long a webhook's receiver may take to answer."),
    of(JOBS, SERVE, "workers", Number(0, 1_000), "1", "Jobs drawn at a time in this process; 0 leaves the work to `filmpress worker` elsewhere."),
    of(JOBS, SERVE, "lease-seconds", Number(2, 3_600), "60", "How long a worker keeps a job without a word; after that the job goes to another."),
    of(JOBS, SERVE, "attempts", Number(1, 100), "3", "How many attempts a job has."),
    of(JOBS, SERVE, "quarantine-after", Number(0, 1_000), "5", "Failures in a row after which a worker is set aside; 0 is never."),
    of(JOBS, SERVE, "quarantine-time", Time, "5m", "How long a worker is set aside."),
    Setting { kind: List, ..of(JOBS, WORKER, "server", Text, "", "The server's address; several of one service, with commas between, are asked in turn.") },
    Setting { alias: Some("token"), ..secret(JOBS, WORKER, "worker-token", "The worker's token: `filmpress token create --worker` on the server makes one.") },
    Setting { alias: Some("name"), ..of(JOBS, WORKER, "worker-name", Text, "", "The worker's name, different from every other's. Without it the machine's.") },
    Setting { alias: Some("jobs"), variable: Some("FILMPRESS_JOBS"), ..of(JOBS, WORKER, "concurrency", Number(1, 1_000), "1", "Jobs drawn at a time.") },
    of(JOBS, WORKER, "tags", List, "", "What this worker offers; jobs with tags go to workers that have all of them."),
    of(JOBS, SERVE | WORKER, "drain-seconds", Number(0, 86_400), "20", "How long running jobs may go on when the program is asked to end; the rest goes back to the queue. A second signal ends it now."),
    of(DRAWING, SERVE | WORKER, "threads", Number(0, 1_024), "0", "Threads to draw on, shared by the jobs; 0 is all there are."),
    of(DRAWING, SERVE | WORKER, "fonts", List, "", "Folders with fonts, searched before the system's; in the variable and the flag with colons between."),
    of(JOB_LIMITS, SERVE | WORKER, "memory-limit", Size, "", "Most memory of one job; 0 is no limit. Without it, the jobs share three quarters of what the machine or container has."),
    of(JOB_LIMITS, SERVE | WORKER, "cpu-limit", Time, "12h", "Most processor time of one job; 0 is no limit."),
    of(JOB_LIMITS, SERVE | WORKER, "scratch-limit", Size, "50G", "Most room on disk for the files of one job; 0 is no limit."),
    of(JOB_LIMITS, SERVE | WORKER, "frame-timeout", Time, "10m", "How long a job may go without a new frame."),
    of(JOB_LIMITS, SERVE | WORKER, "fetch-timeout", Time, "20m", "How long fetching a job's files may take."),
    of(JOB_LIMITS, SERVE | WORKER, "prepare-timeout", Time, "15m", "How long reading a template and applying the assets may take."),
    of(JOB_LIMITS, SERVE | WORKER, "render-timeout", Time, "6h", "How long drawing and encoding may take."),
    of(JOB_LIMITS, SERVE | WORKER, "publish-timeout", Time, "1h", "How long handing over an output may take."),
    of(JOB_LIMITS, SERVE | WORKER, "child-jobs", Number(1, 1_000_000), "200", "Jobs after which the process that draws them makes way for a fresh one."),
    of(JOB_LIMITS, SERVE | WORKER, "min-free-disk", Size, "1G", "No job is taken on while the disk has less room than this."),
    of(LOGS, ALL, "log", Text, "info", "What is logged: `info`, `debug`, `filmpress_worker=debug` ..."),
    of(LOGS, SERVE | WORKER, "log-format", Word(&["text", "json"]), "text", "How it is logged: lines for people, or a JSON object a line."),
    of(LOGS, SERVE | WORKER, "otlp-endpoint", Url, "", "Where traces are sent, by OpenTelemetry's protocol over HTTP, such as http://127.0.0.1:4318. Without it, nowhere."),
];

/// The setting of a name.
pub fn setting(name: &str) -> Option<&'static Setting> {
    TABLE.iter().find(|setting| setting.name == name)
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn names_are_told_once_and_defaults_are_right() {
        for (index, setting) in TABLE.iter().enumerate() {
            let name = setting.name;
            let twice = TABLE.iter().skip(index + 1);
            assert!(
                !twice
                    .clone()
                    .any(|other| other.name == name || other.variable() == setting.variable()),
                "{name}"
            );
            assert!(
                setting.default.is_empty() || setting.kind.check(setting.default).is_ok(),
                "{name}"
            );
            assert!(setting.what.ends_with(['.']), "{name}");
        }
    }
}
