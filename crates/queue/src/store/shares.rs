//! Teams' shares of the jobs that are wanted: whose turn it is, and how often.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use sqlx::{AssertSqlSafe, Row};

use super::Store;
use super::row::count;
use crate::error::Result;

/// A team with jobs that wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub team: String,
    served_at: i64,
    max_running: Option<i64>,
    running: i64,
}

impl Waiting {
    /// When it was last served, as far as that is written.
    pub fn served_at(&self) -> i64 {
        self.served_at
    }
}

/// So many of a team's jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub team: String,
    pub count: usize,
    /// Whether the team may not run as many as it likes.
    pub is_limited: bool,
}

/// So many of a team's running jobs are counted, where no team may run more. Teams that run more take turns.
const COUNTED: u32 = 64;

/// The teams with jobs that wait, and how many they run.
pub async fn teams_waiting(store: &Store, tagged: bool) -> Result<Vec<Waiting>> {
    let (index, tags) = if tagged {
        ("jobs_queued_tagged", " AND tags <> '[]'")
    } else {
        ("jobs_queued", "")
    };
    let from = format!("jobs{}", store.dialect.by_index(index));
    let rendering = format!("jobs{}", store.dialect.by_index("jobs_rendering"));
    // Jumps from team to team in the index, past all the jobs of each.
    let statement = format!(
        "WITH RECURSIVE waiting (team) AS (
            SELECT (SELECT team_id FROM {from} WHERE status = 'queued'{tags} ORDER BY team_id LIMIT 1)
            UNION ALL
            SELECT (SELECT team_id FROM {from} WHERE status = 'queued'{tags} AND team_id > waiting.team
                    ORDER BY team_id LIMIT 1)
            FROM waiting WHERE waiting.team IS NOT NULL
         )
         SELECT id, served_at, max_running,
            (SELECT count(*) FROM (
                SELECT 1 FROM {rendering} WHERE status = 'render:dorender' AND team_id = teams.id
                LIMIT (SELECT coalesce(max(max_running), 0) + {COUNTED} FROM teams)
            ) AS counted) AS running
         FROM waiting JOIN teams ON teams.id = waiting.team"
    );
    let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(&store.readers).await?;
    rows.iter()
        .map(|row| {
            Ok(Waiting {
                team: row.try_get("id")?,
                served_at: row.try_get("served_at")?,
                max_running: row.try_get("max_running")?,
                running: count(row, "running")? as i64,
            })
        })
        .collect()
}

/// Shares out so many jobs as if they were taken one by one at an instant; by the teams' ids.
pub fn shares(waiting: Vec<Waiting>, now: i64, wanted: usize) -> Vec<Share> {
    let mut turns: BinaryHeap<_> = waiting
        .into_iter()
        .map(|team| Reverse((team.running, team.served_at, team.team, team.max_running)))
        .collect();
    let mut shares: BTreeMap<String, Share> = BTreeMap::new();
    for _ in 0..wanted {
        let served = loop {
            match turns.pop() {
                Some(Reverse((running, _, _, Some(most)))) if running >= most => {}
                other => break other,
            }
        };
        let Some(Reverse((running, _, team, max_running))) = served else {
            break;
        };
        let share = shares.entry(team.clone()).or_insert_with(|| Share {
            team: team.clone(),
            count: 0,
            is_limited: max_running.is_some(),
        });
        share.count += 1;
        turns.push(Reverse((running + 1, now, team, max_running)));
    }
    shares.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{Waiting, shares};

    fn team(name: &str, served_at: i64, running: i64, max_running: Option<i64>) -> Waiting {
        Waiting {
            team: name.into(),
            served_at,
            max_running,
            running,
        }
    }

    fn shared(wanted: usize) -> Vec<(String, usize)> {
        let waiting = vec![
            team("a", 5, 1, None),
            team("b", 3, 1, None),
            team("c", 9, 0, None),
            team("d", 0, 2, Some(2)),
            team("e", 9, 2, Some(3)),
        ];
        let shares = shares(waiting, 10, wanted);
        shares.into_iter().map(|share| (share.team, share.count)).collect()
    }

    #[test]
    fn fewer_running_first_then_served_longest_ago() {
        let order = [("c", 1), ("b", 1), ("a", 1), ("c", 2), ("e", 1), ("a", 2), ("b", 2)];
        let mut expected = std::collections::BTreeMap::new();
        for (index, (team, count)) in order.into_iter().enumerate() {
            expected.insert(team.to_owned(), count);
            let expected: Vec<_> = expected.clone().into_iter().collect();
            assert_eq!(shared(index + 1), expected, "`d` runs as many as it may");
        }
    }

    #[test]
    fn limits_hold_within_a_share() {
        let only = || vec![team("a", 0, 1, Some(4))];
        assert_eq!(shares(only(), 9, 8)[0].count, 3);
        assert!(shares(vec![team("a", 0, 4, Some(4))], 9, 8).is_empty());
        assert!(shares(only(), 9, 8)[0].is_limited);
    }
}
