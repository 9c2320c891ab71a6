//! Teams, users and tokens.

use std::time::Duration;

use filmpress_queue::{Clock, Error, JobFilter, Kind, NewTemplate, NewToken, Principal, Scope, TeamLimits};
use serde_json::json;
use time::OffsetDateTime;

use crate::house::{House, team};

on_both!(
    teams_see_their_own_only,
    teams_are_made_once_and_have_limits,
    tokens_end_and_are_revoked,
    a_users_tokens_end_with_the_user,
    use_is_noted_once_a_minute,
);

async fn teams_see_their_own_only(house: &mut House) {
    let id = house.job(json!({"tags": "a"})).await;
    let other = team(&house.queue, "rival").await;
    assert_ne!(other, house.team);
    assert_eq!(
        team(&house.queue, "studio").await,
        house.team,
        "a second token is the same team's"
    );
    assert!(matches!(
        house.queue.job(Some(&other), &id).await,
        Err(Error::NotFound { .. })
    ));
    assert!(matches!(
        house.queue.logs(&other, &id).await,
        Err(Error::NotFound { .. })
    ));
    let all = JobFilter {
        limit: 9,
        ..JobFilter::default()
    };
    assert!(house.queue.jobs(&other, &all).await.unwrap().is_empty());
    let new = NewTemplate {
        team: house.team.clone(),
        kind: "aep".into(),
        display_name: "Card".into(),
        src: None,
    };
    let template = house.queue.create_template(&new).await.unwrap();
    assert!(matches!(
        house.queue.template(Some(&other), &template.id).await,
        Err(Error::NotFound { .. })
    ));
    assert!(house.queue.templates(&other).await.unwrap().is_empty());
    assert!(house.queue.authenticate("fp_guess").await.unwrap().is_none());
    let worker = house.queue.create_token(&NewToken::worker()).await.unwrap().1;
    assert!(matches!(
        house.queue.authenticate(worker.reveal()).await.unwrap(),
        Some(Principal::Worker { .. })
    ));
}

async fn teams_are_made_once_and_have_limits(house: &mut House) {
    let limits = TeamLimits {
        max_running: Some(2),
        ..TeamLimits::default()
    };
    let made = house.queue.create_team("films", limits).await.unwrap();
    assert_eq!(house.queue.team("films").await.unwrap(), made);
    assert_eq!(house.queue.team(&made.id).await.unwrap().limits, limits);
    assert!(matches!(
        house.queue.create_team("films", limits).await,
        Err(Error::Exists { what: "team", .. })
    ));
    let names: Vec<_> = house
        .queue
        .teams()
        .await
        .unwrap()
        .into_iter()
        .map(|team| team.name)
        .collect();
    assert_eq!(names, ["films", "studio"]);
    house
        .queue
        .set_team_limits(&made.id, TeamLimits::default())
        .await
        .unwrap();
    assert_eq!(house.queue.team("films").await.unwrap().limits, TeamLimits::default());
    assert!(matches!(
        house.queue.team("none").await,
        Err(Error::NotFound { what: "team", .. })
    ));
    let first = house
        .queue
        .set_first_webhook_secret(&made.id, vec![1, 2])
        .await
        .unwrap();
    let second = house.queue.set_first_webhook_secret(&made.id, vec![3]).await.unwrap();
    assert_eq!((first, second), (vec![1, 2], vec![1, 2]), "two servers agree on one");
    house.queue.set_webhook_secret(&made.id, vec![4]).await.unwrap();
    assert_eq!(house.queue.team("films").await.unwrap().webhook_secret, Some(vec![4]));
}

async fn tokens_end_and_are_revoked(house: &mut House) {
    let new = NewToken {
        scope: Scope::Read,
        label: "CI".into(),
        expires_at: Some(house.clock.now() + Duration::from_mins(1)),
        ..NewToken::team("studio")
    };
    let (short, secret) = house.queue.create_token(&new).await.unwrap();
    let shown = house.queue.authenticate(secret.reveal()).await.unwrap();
    let expected = Principal::Team {
        team: house.team.clone(),
        token: short.id.clone(),
        scope: Scope::Read,
    };
    assert_eq!(shown, Some(expected));
    house.clock.forward(60);
    assert_eq!(house.queue.authenticate(secret.reveal()).await.unwrap(), None);
    let (operator, operators) = house.queue.create_token(&NewToken::operator()).await.unwrap();
    assert!(matches!(
        house.queue.authenticate(operators.reveal()).await.unwrap(),
        Some(Principal::Operator { .. })
    ));
    let listed = house.queue.tokens(None).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].kind, &listed[0].team),
        (1, Kind::Operator, &None)
    );
    let rival = team(&house.queue, "rival").await;
    for (team, id) in [
        (Some(rival.as_str()), &short.id),
        (None, &short.id),
        (Some(house.team.as_str()), &operator.id),
    ] {
        assert!(matches!(
            house.queue.revoke_token(team, id).await,
            Err(Error::NotFound { what: "token", .. })
        ));
    }
    house.queue.revoke_token(None, &operator.id).await.unwrap();
    assert_eq!(house.queue.authenticate(operators.reveal()).await.unwrap(), None);
    house.queue.revoke_token(Some(&house.team), &short.id).await.unwrap();
    let left = house.queue.tokens(Some(&house.team)).await.unwrap();
    assert!(left.len() == 1 && left[0].id != short.id);
}

async fn a_users_tokens_end_with_the_user(house: &mut House) {
    let user = house
        .queue
        .create_user(&house.team, "jane", Scope::Submit)
        .await
        .unwrap();
    assert!(matches!(
        house.queue.create_user(&house.team, "jane", Scope::Read).await,
        Err(Error::Exists { what: "user", .. })
    ));
    let new = NewToken {
        user: Some(user.id.clone()),
        ..NewToken::team("studio")
    };
    let (_, secret) = house.queue.create_token(&new).await.unwrap();
    let Some(Principal::Team { scope, .. }) = house.queue.authenticate(secret.reveal()).await.unwrap() else {
        panic!("a token of a user works");
    };
    assert_eq!(scope, Scope::Submit, "no more than the user may");
    let rival = team(&house.queue, "rival").await;
    assert!(matches!(
        house.queue.remove_user(&rival, &user.id).await,
        Err(Error::NotFound { what: "user", .. })
    ));
    let stolen = NewToken {
        user: Some(user.id.clone()),
        ..NewToken::team("rival")
    };
    assert!(house.queue.create_token(&stolen).await.is_err());
    assert_eq!(house.queue.users(&house.team).await.unwrap(), [user.clone()]);
    house.queue.remove_user(&house.team, &user.id).await.unwrap();
    assert_eq!(house.queue.authenticate(secret.reveal()).await.unwrap(), None);
    assert!(house.queue.users(&house.team).await.unwrap().is_empty());
}

async fn use_is_noted_once_a_minute(house: &mut House) {
    let (_, secret) = house.queue.create_token(&NewToken::worker()).await.unwrap();
    let used = async |house: &House| {
        house.queue.authenticate(secret.reveal()).await.unwrap();
        house.queue.tokens(None).await.unwrap()[0].last_used_at.unwrap() - OffsetDateTime::UNIX_EPOCH
    };
    let first = used(house).await;
    house.clock.forward(59);
    assert_eq!(used(house).await, first);
    house.clock.forward(1);
    assert_eq!(used(house).await, first + Duration::from_mins(1));
}
