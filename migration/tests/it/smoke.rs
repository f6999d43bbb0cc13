#[tokio::test]
async fn smoke() {
    testkit::each(async |kit| {
        let t = std::time::Instant::now();
        let w = kit.workspace().await;
        w.flag("x").await;
        eprintln!("{:?}", t.elapsed());
        eprintln!("{:#?}", kit.state().await);
    }).await;
}
