//! Fonts and secrets of teams.

use filmpress_queue::{Error, NewFont, SealedId, StoredFile};
use serde_json::json;

use crate::house::{House, team};

on_both!(
    a_font_of_the_same_name_replaces_the_other,
    a_font_in_use_stays,
    a_secret_is_kept_once,
    what_is_sealed_is_sealed_anew
);

fn font(team: &str, file_name: &str, key: &str) -> NewFont {
    NewFont {
        team: team.to_owned(),
        file_name: file_name.into(),
        family_name: "Soleil".into(),
        style_name: "Bold".into(),
        post_script_name: "Soleil-Bold".into(),
        file: StoredFile {
            key: key.into(),
            sha256: "00".into(),
            size: 9,
        },
    }
}

async fn a_font_of_the_same_name_replaces_the_other(house: &mut House) {
    let (first, _) = house
        .queue
        .add_font(&font(&house.team, "Soleil.TTF", "fonts/a"))
        .await
        .unwrap();
    house.clock.forward(5);
    let (second, replaced) = house
        .queue
        .add_font(&font(&house.team, "soleil.ttf", "fonts/b"))
        .await
        .unwrap();
    assert_eq!(replaced.as_deref(), Some("fonts/a"), "nothing names it any more");
    assert_eq!((&second.id, second.created_at), (&first.id, first.created_at));
    assert_eq!(
        (second.file_name.as_str(), second.file.key.as_str()),
        ("soleil.ttf", "fonts/b")
    );
    assert_eq!(*house.queue.fonts(&house.team).await.unwrap(), [second.clone()]);
    assert_eq!(house.queue.font(&house.team, &first.id).await.unwrap(), second);
    let rival = team(&house.queue, "rival").await;
    assert!(house.queue.fonts(&rival).await.unwrap().is_empty());
    house
        .queue
        .add_font(&font(&rival, "soleil.ttf", "fonts/b"))
        .await
        .unwrap();
    for id in [first.id.as_str(), "no\0ne"] {
        assert!(matches!(
            house.queue.font(&rival, id).await,
            Err(Error::NotFound { what: "font", .. })
        ));
        assert!(house.queue.remove_font(&rival, id).await.is_err());
    }
    assert_eq!(
        house.queue.remove_font(&house.team, &first.id).await.unwrap(),
        None,
        "the rival has the same file"
    );
    let theirs = house.queue.fonts(&rival).await.unwrap()[0].clone();
    assert_eq!(
        house.queue.remove_font(&rival, &theirs.id).await.unwrap().as_deref(),
        Some("fonts/b")
    );
}

async fn a_font_in_use_stays(house: &mut House) {
    let (kept, _) = house
        .queue
        .add_font(&font(&house.team, "Soleil.ttf", "fonts/a"))
        .await
        .unwrap();
    house
        .job(json!({"fonts": ["Other.ttf"], "assets": [{"type": "text", "layerName": "A", "value": "nul \u{0}"}]}))
        .await;
    let id = house.job(json!({"fonts": ["SOLEIL.ttf"]})).await;
    assert!(matches!(
        house.queue.remove_font(&house.team, &kept.id).await,
        Err(Error::InUse {
            what: "font",
            by: 1,
            ..
        })
    ));
    house.queue.font(&house.team, &kept.id).await.unwrap();
    house.queue.cancel(&house.team, &[id], false).await.unwrap();
    house.queue.remove_font(&house.team, &kept.id).await.unwrap();
}

async fn a_secret_is_kept_once(house: &mut House) {
    let kept = house.queue.add_secret(&house.team, "KEY", vec![1, 0, 2]).await.unwrap();
    assert!(matches!(
        house.queue.add_secret(&house.team, "KEY", vec![3]).await,
        Err(Error::Exists { what: "secret", .. })
    ));
    let rival = team(&house.queue, "rival").await;
    house.queue.add_secret(&rival, "KEY", vec![9]).await.unwrap();
    let names = ["KEY", "OTHER", "K\0"].map(str::to_owned);
    assert_eq!(
        house.queue.sealed_secrets(&house.team, &names).await.unwrap(),
        [("KEY".to_owned(), vec![1, 0, 2])]
    );
    assert_eq!(house.queue.secrets(&house.team).await.unwrap(), [kept.clone()]);
    assert!(matches!(
        house.queue.remove_secret(&rival, &kept.id).await,
        Err(Error::NotFound { what: "secret", .. })
    ));
    house.queue.remove_secret(&house.team, &kept.id).await.unwrap();
    assert!(house.queue.secrets(&house.team).await.unwrap().is_empty());
}

async fn what_is_sealed_is_sealed_anew(house: &mut House) {
    let secret = house.queue.add_secret(&house.team, "KEY", vec![1]).await.unwrap();
    house.queue.set_webhook_secret(&house.team, vec![2]).await.unwrap();
    let all = house.queue.all_sealed().await.unwrap();
    let expected = [
        (SealedId::Secret(secret.id), vec![1]),
        (SealedId::WebhookSecret(house.team.clone()), vec![2]),
    ];
    assert_eq!(all, expected);
    for (id, sealed) in &all {
        house.queue.reseal(id, vec![sealed[0] + 10]).await.unwrap();
    }
    let again: Vec<_> = house
        .queue
        .all_sealed()
        .await
        .unwrap()
        .into_iter()
        .map(|(_, sealed)| sealed)
        .collect();
    assert_eq!(again, [vec![11], vec![12]]);
}
