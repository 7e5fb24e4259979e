//! A table of scores to agreement, as outsiders script it.

use tempfile::TempDir;

use crate::outcome::json;
use crate::stipple::{stipple, succeed, text};

#[test]
fn scores_give_correlations_or_are_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let [table, out] = ["ratings.csv", "agreement.json"].map(|name| folder.path().join(name));
    let scores = "picture,rater,score\n1,anna,4\n1,ben,5\n2,anna,2\n2,ben,2\n3,anna,7\n3,ben,8\n4,anna,5\n";
    std::fs::write(&table, scores).expect("written");
    let run = succeed(&["agreement", text(&table), "--out", text(&out)]);
    assert!(
        run.message.contains("3 pictures by 2 raters") && run.message.contains("wide"),
        "{}",
        run.message
    );
    let made = json(&out);
    assert_eq!(made["format"], "stipple/agreement/1");
    assert_eq!((&made["pictures"], &made["together"]["pictures"]), (&4.into(), &3.into()));
    let refused = folder.path().join("none.json");
    for table_text in ["", "picture,rater,score\n1,anna,much\n", "picture,rater,score\n1,anna,4\n"] {
        std::fs::write(&table, table_text).expect("written");
        let run = stipple(&["agreement", text(&table), "--out", text(&refused)]);
        assert_eq!((run.code, refused.exists()), (3, false), "{}", run.message);
        assert!(run.message.contains("need") && !run.message.contains("anna"), "{}", run.message);
    }
}
