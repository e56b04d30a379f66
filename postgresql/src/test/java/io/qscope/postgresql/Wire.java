package io.qscope.postgresql;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * The wire between client and server: passes everything on, and can be told to do something else with the next COMMIT that
 * comes along. It understands how messages are framed, and the simple queries BEGIN, whatever follows it, and COMMIT.
 */
final class Wire implements AutoCloseable {

    /** What happens to the next transaction that is sent. */
    enum Fate {
        /** It passes. */
        PASS,
        /** The client is given nothing that the server answers before it has sent its COMMIT. */
        NO_ANSWER_BEFORE_COMMIT,
        /** The connection breaks when the client sends its COMMIT, which the server never sees. */
        CUT_BEFORE_COMMIT,
        /** The connection breaks when the server has answered the COMMIT, which the client never hears. */
        CUT_AFTER_COMMIT,
        /** The server is given a BEGIN that it refuses, and all that comes behind it. */
        BEGIN_FAILS,
        /** A pooler gives up: it answers all that came behind the BEGIN with an error of its own, and the server has committed. */
        POOLER_FAILS
    }

    /** CommandComplete, and ReadyForQuery in a transaction. */
    private static final String BEGIN_IS_DONE = "BEGIN\0Z\0\0\0\5T";

    /** The field of an ErrorResponse, between others that end with a zero byte. */
    private static final Pattern SQL_STATE = Pattern.compile("\0C([0-9A-Z]{5})\0");

    private final int serverPort;
    private final ServerSocket listening;
    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.PASS);
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger transactions = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();
    private final Set<String> errors = ConcurrentHashMap.newKeySet();
    private volatile boolean admittedOnly;
    private volatile String poolersError = "57P02";
    private volatile CountDownLatch flow = new CountDownLatch(0);

    Wire(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** For the next transaction. */
    void next(Fate wanted) {
        fate.set(wanted);
    }

    /** What the pooler says that {@link Fate#POOLER_FAILS}. */
    void poolerSays(String sqlState) {
        poolersError = sqlState;
    }

    /** How many BEGINs came along. */
    int transactions() {
        return transactions.get();
    }

    /** How many COMMITs came along. */
    int commits() {
        return commits.get();
    }

    /** Whether the server has answered with that SQLSTATE. */
    boolean hasPassed(String sqlState) {
        return errors.contains(sqlState);
    }

    /** Passes nothing on, and breaks nothing, until it is told to {@link #resume}: as a server does that hangs. */
    void stall() {
        flow = new CountDownLatch(1);
    }

    /** Lets new connections in, and passes none of the queries on that they begin with, until {@link #pass}. */
    void stallAfterAdmission() {
        admittedOnly = true;
    }

    /** For new connections; those that hang go on hanging. */
    void pass() {
        admittedOnly = false;
    }

    void resume() {
        flow.countDown();
    }

    /** Breaks all connections. */
    void cut() {
        sockets.forEach(Wire::close);
        sockets.clear();
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
            Conversation conversation = new Conversation(client, server);
            run(conversation::clientSpeaks);
            run(conversation::serverSpeaks);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // One of the sockets was closed, and the conversation is over.
                    }
                },
                "wire");
        thread.setDaemon(true);
        thread.start();
    }

    private final class Conversation {

        private final Socket client;
        private final Socket server;
        private volatile CountDownLatch answersPass = new CountDownLatch(0);
        private volatile boolean cutAtNextAnswer;
        private volatile boolean poolerFails;

        /** What the client has sent behind a BEGIN that is answered by itself. */
        private final AtomicInteger requests = new AtomicInteger();

        private final boolean hangs = admittedOnly;

        Conversation(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void clientSpeaks() throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = server.getOutputStream();
            // The first message has no type.
            int length = in.readInt();
            send(out, -1, length, in.readNBytes(length - 4));
            while (true) {
                int type = in.read();
                if (type < 0) {
                    throw new EOFException();
                }
                int size = in.readInt();
                byte[] body = in.readNBytes(size - 4);
                if (hangs) {
                    continue;
                }
                if (type == 'Q') {
                    query(body);
                }
                if ((type == 'Q' && !text(body).startsWith("BEGIN")) || type == 'S') {
                    requests.incrementAndGet();
                }
                send(out, type, size, body);
                if (type == 'Q' && text(body).equals("COMMIT")) {
                    answersPass.countDown();
                }
            }
        }

        private static String text(byte[] body) {
            return new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
        }

        private void query(byte[] body) throws IOException {
            String text = text(body);
            if (text.startsWith("BEGIN")) {
                requests.set(0);
                poolerFails = fate.compareAndSet(Fate.POOLER_FAILS, Fate.PASS);
                if (fate.compareAndSet(Fate.NO_ANSWER_BEFORE_COMMIT, Fate.PASS)) {
                    answersPass = new CountDownLatch(1);
                }
                if (fate.compareAndSet(Fate.BEGIN_FAILS, Fate.PASS)) {
                    body[0] = '-';
                }
                // Last: who has seen it counted says what happens to the one behind it.
                transactions.incrementAndGet();
            } else if (text.equals("COMMIT")) {
                commits.incrementAndGet();
                if (fate.compareAndSet(Fate.CUT_BEFORE_COMMIT, Fate.PASS)) {
                    end();
                } else if (fate.compareAndSet(Fate.CUT_AFTER_COMMIT, Fate.PASS)) {
                    cutAtNextAnswer = true;
                }
            }
        }

        private void end() throws IOException {
            client.close();
            server.close();
            throw new EOFException();
        }

        private void send(OutputStream out, int type, int length, byte[] body) throws IOException {
            ByteArrayOutputStream message = new ByteArrayOutputStream(length + 1);
            if (type >= 0) {
                message.write(type);
            }
            message.write(
                    new byte[] {(byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length});
            message.write(body);
            await(flow);
            out.write(message.toByteArray());
        }

        /** "COMMIT" as the server says that it is done: CommandComplete. */
        void serverSpeaks() throws IOException {
            InputStream in = server.getInputStream();
            byte[] buffer = new byte[65_536];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                String said = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                SQL_STATE.matcher(said).results().forEach(found -> errors.add(found.group(1)));
                if (cutAtNextAnswer && said.contains("COMMIT\0")) {
                    end();
                }
                await(answersPass);
                await(flow);
                if (poolerFails) {
                    failAsPooler(said);
                } else {
                    client.getOutputStream().write(buffer, 0, read);
                }
            }
            client.close();
        }

        private void failAsPooler(String said) throws IOException {
            int begun = said.indexOf(BEGIN_IS_DONE);
            if (begun >= 0) {
                byte[] heard = said.substring(0, begun + BEGIN_IS_DONE.length()).getBytes(StandardCharsets.ISO_8859_1);
                client.getOutputStream().write(heard);
            }
            if (said.contains("COMMIT\0")) {
                byte[] fields = ("SERROR\0C" + poolersError + "\0Mgone\0\0").getBytes(StandardCharsets.ISO_8859_1);
                for (int i = requests.get(); i > 0; i--) {
                    send(client.getOutputStream(), 'E', fields.length + 4, fields);
                    send(client.getOutputStream(), 'Z', 5, new byte[] {'I'});
                }
                poolerFails = false;
            }
        }

        private static void await(CountDownLatch turn) throws IOException {
            try {
                turn.await();
            } catch (InterruptedException e) {
                throw new EOFException("interrupted");
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        resume();
        cut();
    }
}
