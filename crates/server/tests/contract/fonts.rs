//! Fonts: uploaded, listed, replaced, deleted.

use filmpress_fixtures::font;
use reqwest::Method;
use serde_json::{Value, json};

use crate::house::{House, files};

const PATH: &str = "/api/v2/fonts";

/// A body of parts.
#[derive(Default)]
struct Form(Vec<u8>);

impl Form {
    fn part(mut self, field: &str, file: Option<&str>, bytes: &[u8]) -> Self {
        let file = file.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"{file}\r\n\r\n");
        self.0.extend(head.as_bytes());
        self.0.extend(bytes);
        self.0.extend(b"\r\n");
        self
    }

    fn text(self, field: &str, text: &str) -> Self {
        self.part(field, None, text.as_bytes())
    }
}

fn form(field: &str, name: &str, bytes: &[u8]) -> Form {
    Form::default().part(field, Some(name), bytes)
}

async fn upload(house: &House, form: Form) -> (u16, Value) {
    let mut body = form.0;
    body.extend(b"--edge--\r\n");
    let request = house.http.post(house.url(PATH)).bearer_auth(&house.token);
    let request = request.header("content-type", "multipart/form-data; boundary=edge");
    let response = request.body(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_font_says_what_it_is_called() {
    let house = House::new().await;
    let bytes = font::named("Filmpress Sans", "Bold", "FilmpressSans-Bold");
    let (status, made) = upload(&house, form("font", "fp-bold.ttf", &bytes)).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        [
            &made["familyName"],
            &made["styleName"],
            &made["postScriptName"],
            &made["fileName"]
        ],
        ["Filmpress Sans", "Bold", "FilmpressSans-Bold", "fp-bold.ttf"]
    );
    assert!(made["createdAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(house.get(PATH).await, json!([made]));
    let one = format!("{PATH}/{}", made["id"].as_str().unwrap());
    assert_eq!(house.get(&one).await, made);

    // The older name of the part, and a family of the client's.
    let (status, other) = upload(
        &house,
        form("file", "other.ttf", &bytes).text("familyName", "House Sans"),
    )
    .await;
    assert_eq!(
        (status, &other["familyName"], &other["styleName"]),
        (201, &json!("House Sans"), &json!("Bold"))
    );
    assert_eq!(
        files(&house.folder.path().join("fonts")).len(),
        1,
        "the same bytes are kept once"
    );

    let deleted = house.call(Method::DELETE, &one, &house.token, None).await;
    assert_eq!(
        (deleted.status().as_u16(), deleted.bytes().await.unwrap().len()),
        (204, 0)
    );
    assert_eq!(house.call(Method::GET, &one, &house.token, None).await.status(), 404);
    assert_eq!(house.call(Method::DELETE, &one, &house.token, None).await.status(), 404);
    assert_eq!(
        files(&house.folder.path().join("fonts")).len(),
        1,
        "the other font has the file still"
    );
    let other = format!("{PATH}/{}", other["id"].as_str().unwrap());
    assert_eq!(
        house.call(Method::DELETE, &other, &house.token, None).await.status(),
        204
    );
    assert_eq!(files(&house.folder.path().join("fonts")), [] as [std::path::PathBuf; 0]);
}

#[tokio::test]
async fn a_file_of_the_same_name_takes_its_place() {
    let house = House::new().await;
    let (_, first) = upload(
        &house,
        form("font", "Inter.ttf", &font::named("Inter", "Regular", "Inter-Regular")),
    )
    .await;
    let (status, second) = upload(
        &house,
        form("font", "INTER.TTF", &font::named("Inter", "Black", "Inter-Black")),
    )
    .await;
    assert_eq!(
        (status, &second["id"], &second["styleName"]),
        (201, &first["id"], &json!("Black"))
    );
    assert_eq!(house.get(PATH).await.as_array().map(Vec::len), Some(1));
    assert_eq!(
        files(&house.folder.path().join("fonts")).len(),
        1,
        "the old file is gone"
    );
}

#[tokio::test]
async fn what_is_no_font_is_refused() {
    let house = House::new().await;
    let whole = font::named("A", "B", "A-B");
    let cases = [
        (form("font", "a.ttf", b"\x89PNG\r\n"), "font", "not a font"),
        (form("font", "a.woff2", b"wOF2........"), "font", "WOFF2"),
        (form("font", "a.ttf", &whole[..whole.len() / 3]), "font", "damaged"),
        (form("font", "a.ttf", b""), "font", "empty"),
        (Form::default().text("familyName", "A"), "font", "is required"),
        (
            form("font", "a.ttf", &whole).text("familyName", &"x".repeat(201)),
            "familyName",
            "200",
        ),
        (
            form("font", "a.ttf", &whole).part("file", None, &whole),
            "font",
            "one font",
        ),
    ];
    for (form, field, text) in cases {
        let (status, refused) = upload(&house, form).await;
        assert_eq!(
            (status, &refused["code"]),
            (400, &json!("VALIDATION_FAILED")),
            "{refused}"
        );
        assert_eq!(refused["details"][0]["field"], field, "{refused}");
        assert!(
            refused["details"][0]["message"].as_str().unwrap().contains(text),
            "{refused}"
        );
    }
    for (kind, body) in [
        ("application/json", "{}"),
        ("multipart/form-data", "x"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"font\"\r\n\r\nhalf",
        ),
    ] {
        let request = house
            .http
            .post(house.url(PATH))
            .bearer_auth(&house.token)
            .header("content-type", kind);
        let refused = request.body(body).send().await.unwrap();
        assert_eq!(refused.status(), 400, "{kind}");
        assert_eq!(
            refused.json::<Value>().await.unwrap()["code"],
            "VALIDATION_FAILED",
            "{kind}"
        );
    }
    assert_eq!(house.get(PATH).await, json!([]));
    assert_eq!(files(&house.folder.path().join("fonts")).len(), 0);
}

#[tokio::test]
async fn a_font_larger_than_40_mib_is_refused() {
    let house = House::new().await;
    let (status, refused) = upload(&house, form("font", "a.ttf", &vec![0; (40 << 20) + 1])).await;
    assert_eq!(
        (status, &refused["code"]),
        (413, &json!("PAYLOAD_TOO_LARGE")),
        "{refused}"
    );
    let (status, refused) = upload(&house, form("font", "a.ttf", &vec![0; 40 << 20])).await;
    assert_eq!(status, 400, "what has 40 MiB is read: {refused}");
}

#[tokio::test]
async fn a_font_in_use_stays() {
    let house = House::new().await;
    let (_, made) = upload(
        &house,
        form("font", "Inter.ttf", &font::named("Inter", "Bold", "Inter-Bold")),
    )
    .await;
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    let job = house.job(json!({"fonts": ["Inter.ttf"]})).await;
    let refused = house.call(Method::DELETE, &path, &house.token, None).await;
    assert_eq!(refused.status(), 409);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["code"], "IN_USE", "{refused}");
    assert!(refused["error"].is_string());
    let claim = house.claim().await.unwrap();
    assert_eq!(claim.job_id, job);
    house.render(&claim, "film").await;
    assert_eq!(
        house.call(Method::DELETE, &path, &house.token, None).await.status(),
        204
    );
}

#[tokio::test]
async fn another_teams_fonts_are_not_there() {
    let house = House::new().await;
    let rival = house.rival().await;
    let (_, made) = upload(
        &house,
        form("font", "Inter.ttf", &font::named("Inter", "Bold", "Inter-Bold")),
    )
    .await;
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    for method in [Method::GET, Method::DELETE] {
        let refused = house.call(method, &path, &rival, None).await;
        assert_eq!(refused.status(), 404);
        assert_eq!(refused.json::<Value>().await.unwrap()["code"], "FONT_NOT_FOUND");
    }
    let list: Value = house.call(Method::GET, PATH, &rival, None).await.json().await.unwrap();
    assert_eq!(list, json!([]));
    assert_eq!(house.get(&path).await, made);
}
