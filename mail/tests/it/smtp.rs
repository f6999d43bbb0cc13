//! An SMTP server that takes every letter, unless told otherwise.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use mail::{Mail, MailConfig, Mailer};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The token in the links of letters, which must not be seen anywhere else.
pub(crate) const TOKEN: &str = "t0ken-of-the-link";
pub(crate) const LINK: &str = "https://flags.example.com/password/t0ken-of-the-link";

/// A running server. It ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Smtp {
    pub(crate) port: u16,
    world: Arc<Mutex<World>>,
    /// Told of each command that is never answered.
    pub(crate) hanging: Arc<Notify>,
}

/// What the server does, and what it has heard.
#[derive(Default)]
pub(crate) struct World {
    /// What EHLO is answered with, beside the name.
    pub(crate) offers: Vec<&'static str>,
    /// Answers to commands, by their first word, instead of the usual one. `CONNECT` is the greeting, `.` the letter's end.
    pub(crate) instead: HashMap<&'static str, Instead>,
    /// Each line that was not part of a letter.
    pub(crate) commands: Vec<String>,
    /// Each letter that came to its end.
    pub(crate) letters: Vec<String>,
    pub(crate) connections: usize,
}

#[derive(Clone, Copy)]
pub(crate) enum Instead {
    Reply(&'static str),
    Hang,
    HangUp,
}

impl Smtp {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, world: Arc::default(), hanging: Arc::default() };
        let running = server.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                running.world().connections += 1;
                let connection = running.clone();
                tokio::spawn(async move { connection.talk(stream).await });
            }
        });
        server
    }

    pub(crate) async fn with(command: &'static str, instead: Instead) -> Self {
        let server = Self::start().await;
        server.world().instead.insert(command, instead);
        server
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// The first words of what was said, in order.
    pub(crate) fn verbs(&self) -> Vec<String> {
        self.world().commands.iter().map(|line| verb(line)).collect()
    }

    /// What sends letters here, with a scheme, user and password before `@`, and a query.
    pub(crate) fn mailer_at(&self, before: &str, query: &str) -> Mailer {
        mailer(&format!("{before}127.0.0.1:{}{query}", self.port))
    }

    pub(crate) fn mailer(&self) -> Mailer {
        self.mailer_at("smtp://", "")
    }

    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        let offers: String = self.world().offers.iter().map(|offer| format!("250-{offer}\r\n")).collect();
        self.answer(&mut stream, "CONNECT", "220 mx.example.com ready").await?;
        loop {
            let line = read(&mut stream).await?;
            self.world().commands.push(line.clone());
            match verb(&line).as_str() {
                "EHLO" => {
                    let text = format!("250-mx.example.com\r\n{offers}250 HELP");
                    self.answer(&mut stream, "EHLO", &text).await?;
                }
                "AUTH" => self.answer(&mut stream, "AUTH", "235 welcome").await?,
                "DATA" => {
                    self.answer(&mut stream, "DATA", "354 go on").await?;
                    let mut letter = String::new();
                    loop {
                        match read(&mut stream).await?.as_str() {
                            "." => break,
                            line => letter.push_str(&format!("{line}\r\n")),
                        }
                    }
                    self.world().letters.push(letter);
                    self.answer(&mut stream, ".", "250 queued").await?;
                }
                "QUIT" => {
                    self.answer(&mut stream, "QUIT", "221 bye").await?;
                    return None;
                }
                other => self.answer(&mut stream, other, "250 fine").await?,
            }
        }
    }

    /// None ends the connection.
    async fn answer(&self, stream: &mut BufReader<TcpStream>, command: &str, usual: &str) -> Option<()> {
        let instead = self.world().instead.get(command).copied();
        let reply = match instead {
            None => usual,
            Some(Instead::Reply(reply)) => reply,
            Some(Instead::HangUp) => return None,
            Some(Instead::Hang) => {
                self.hanging.notify_one();
                std::future::pending().await
            }
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
        // After a refusal of the text nothing of it comes.
        if command == "DATA" && !reply.starts_with('3') { None } else { Some(()) }
    }
}

pub(crate) fn mailer(smtp: &str) -> Mailer {
    Mailer::new(&config(smtp)).unwrap()
}

pub(crate) fn config(smtp: &str) -> MailConfig {
    MailConfig { smtp: smtp.to_owned(), from: "Togglebit <flags@example.org>".to_owned() }
}

pub(crate) fn letter() -> Mail {
    Mail::new_password("ada@example.com", LINK)
}

fn verb(line: &str) -> String {
    line.split([' ', ':']).next().unwrap_or_default().to_owned()
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(read) if read > 0 => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
        _ => None,
    }
}
