//! The fake beside a bare hyper server that sends the same bytes: pages of 100 artifacts per
//! second, and blob bytes per second. It must not be what a client's measurements measure.
//!
//! `cargo bench -p gha-fake`
#![expect(clippy::print_stdout, reason = "it prints its results")]

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use gha_fake::{Artifact, Content, Fake, Repo, Run};
use http::{HeaderName, HeaderValue, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::runtime::Handle;

/// Rounds in which both servers take turns, so that what else the machine does meets both.
const ROUNDS: usize = 21;
const PAGES: u64 = 2000;
const BLOB: u64 = 1 << 30;

fn main() {
    // `cargo test --benches` wants to know that it runs, no more.
    let (rounds, pages, size) = match std::env::args().any(|arg| arg == "--bench") {
        true => (ROUNDS, PAGES, BLOB),
        false => (1, 2, 1 << 20),
    };
    let artifact = |i| Artifact::zip(format!("dist-linux-x86_64-{i}"), &[("a", b"a")]);
    let repo = Repo::new("octo-org", "octo-docs")
        .run(Run::new(1001).artifacts((0..1000).map(artifact)))
        .artifact(Artifact::noise("blob", size).id(5000).without_digest());
    // One thread for both servers: where the scheduler puts it decides more than either does.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let server = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    let fake = server.block_on(Fake::builder().token("t0ken").repo(repo).start());
    let fake = fake.expect("the fake starts");
    let actions = "/repos/octo-org/octo-docs/actions";

    let list = format!("{actions}/artifacts?per_page=100");
    let page = Client::new(fake.api_url()).get(&list);
    let len = page.body.len() as u64;
    let bare = serve(&server, page.headers, Content::bytes(page.body));
    let rate = compare(rounds, [fake.api_url(), &bare], |client| {
        let start = Instant::now();
        (0..pages).for_each(|_| assert_eq!(client.drain(&list), len));
        pages as f64 / start.elapsed().as_secs_f64()
    });
    println!("pages of {len} bytes per second: {rate}");

    let zip = Client::new(fake.api_url()).get(&format!("{actions}/artifacts/5000/zip"));
    let url = zip.header("location").replacen(fake.blob_url(), "", 1);
    let head = Client::new(fake.blob_url()).head(&url);
    let bare = serve(&server, head.headers, Content::noise(size, 0));
    let rate = compare(rounds, [fake.blob_url(), &bare], |client| {
        let start = Instant::now();
        assert_eq!(client.drain(&url), size);
        (size >> 20) as f64 / start.elapsed().as_secs_f64()
    });
    println!("MiB of blob per second: {rate}");
}

/// Medians of both, and of the quotients of each round.
fn compare(rounds: usize, origins: [&str; 2], measure: impl Fn(&mut Client) -> f64) -> String {
    let mut clients = origins.map(Client::new);
    clients.iter_mut().for_each(|client| {
        measure(client);
    });
    let mut rates = [Vec::new(), Vec::new()];
    let mut quotients = Vec::new();
    for round in 0..rounds {
        let first = round % 2;
        let mut rate = [0.0; 2];
        for which in [first, 1 - first] {
            rate[which] = measure(&mut clients[which]);
            rates[which].push(rate[which]);
        }
        quotients.push(rate[0] / rate[1]);
    }
    let [fake, bare] = rates.map(median);
    let quotient = median(quotients);
    format!("fake {fake:.0}, bare hyper {bare:.0}, quotient {quotient:.3}")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A client that costs as little as possible.
struct Client {
    stream: TcpStream,
    origin: String,
    buffer: Vec<u8>,
}

struct Answer {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

impl Client {
    fn new(origin: &str) -> Self {
        let address = origin.trim_start_matches("http://");
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket option");
        Self {
            stream,
            origin: address.to_owned(),
            buffer: vec![0; 256 * 1024],
        }
    }

    fn get(&mut self, path: &str) -> Answer {
        let (mut answer, mut read) = self.start("GET", path);
        let length: usize = answer.header("content-length").parse().expect("a length");
        while answer.body.len() < length {
            answer.body.extend_from_slice(&self.buffer[..read]);
            if answer.body.len() < length {
                read = self.read(0);
            }
        }
        answer
    }

    fn head(&mut self, path: &str) -> Answer {
        self.start("HEAD", path).0
    }

    /// Reads the body without keeping it, and returns its length.
    fn drain(&mut self, path: &str) -> u64 {
        let (answer, read) = self.start("GET", path);
        let length: u64 = answer.header("content-length").parse().expect("a length");
        let mut seen = read as u64;
        while seen < length {
            seen += self.read(0) as u64;
        }
        seen
    }

    /// Reads the head. The start of the body is then in the buffer, so many bytes.
    fn start(&mut self, method: &str, path: &str) -> (Answer, usize) {
        let credentials = match path.starts_with("/repos") {
            true => "authorization: Bearer t0ken\r\n",
            false => "",
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: bench\r\n{credentials}\r\n",
            self.origin
        );
        let sent = self.stream.write_all(request.as_bytes());
        sent.expect("the server reads");
        let mut filled = 0;
        let end = loop {
            filled += self.read(filled);
            if let Some(end) = self.buffer[..filled]
                .windows(4)
                .position(|w| w == b"\r\n\r\n")
            {
                break end;
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]);
        let headers = head.lines().filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        self.buffer.copy_within(end + 4..filled, 0);
        let body = Vec::new();
        (Answer { headers, body }, filled - end - 4)
    }

    fn read(&mut self, at: usize) -> usize {
        let read = self.stream.read(&mut self.buffer[at..]);
        let read = read.expect("the server answers");
        assert!(read > 0, "the server closed the connection");
        read
    }
}

/// Answers every request with these headers and chunks.
fn serve(server: &Handle, headers: Vec<(String, String)>, content: Content) -> String {
    let chunks: Arc<[Bytes]> = content.chunks(0..content.len()).collect();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    // As the fake does, so that chance does not decide.
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(&listener)
        .set_tcp_congestion(b"reno")
        .expect("every Linux has it");
    listener.set_nonblocking(true).expect("a socket option");
    let address = listener.local_addr().expect("an address");
    let headers: Vec<(HeaderName, HeaderValue)> = headers
        .iter()
        // Those that hyper adds itself.
        .filter(|(name, _)| name != "content-length" && name != "date")
        .filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)))
        .collect();
    let length = content.len();
    server.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).expect("a socket option");
            let (headers, chunks) = (headers.clone(), chunks.clone());
            let service = service_fn(move |_| {
                let mut response = Response::new(Chunks {
                    chunks: chunks.clone(),
                    next: 0,
                    left: length,
                });
                response.headers_mut().extend(headers.iter().cloned());
                std::future::ready(Ok::<_, Infallible>(response))
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
    format!("http://{address}")
}

struct Chunks {
    chunks: Arc<[Bytes]>,
    next: usize,
    left: u64,
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.chunks.get(self.next).cloned();
        self.next += 1;
        self.left -= chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
