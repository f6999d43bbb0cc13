//! A mail server that takes every letter and keeps the tokens of their links.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A mail server. It ends with the test's process.
pub(crate) struct Letterbox {
    address: SocketAddr,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Letterbox {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let tokens = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&tokens);
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                // Whoever hangs up is gone.
                std::thread::spawn(move || converse(&caller, &kept).ok());
            }
        });
        Self { address, tokens }
    }

    /// Where it is, as the program is told.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The tokens of the letters so far.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.tokens.lock().unwrap().clone()
    }
}

fn converse(caller: &TcpStream, kept: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut answer = caller;
    answer.write_all(b"220 ready\r\n")?;
    let mut lines = BufReader::new(caller).lines();
    while let Some(line) = lines.next().transpose()? {
        answer.write_all(match line.get(..4) {
            Some("DATA") => b"354 go on\r\n",
            Some("QUIT") => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        })?;
        if line == "DATA" {
            let mut letter = String::new();
            while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                letter += &line;
                letter += "\n";
            }
            kept.lock().unwrap().extend(tokens(&letter));
            answer.write_all(b"250 taken\r\n")?;
        }
    }
    Ok(())
}

/// The tokens in a letter, whose lines may be quoted-printable.
fn tokens(letter: &str) -> Vec<String> {
    let letter = letter.replace("=\n", "").replace("=3D", "=");
    let is_token = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let token = |rest: &str| rest.chars().take_while(|letter| is_token(*letter)).collect::<String>();
    letter.split("?token=").skip(1).map(token).collect()
}
