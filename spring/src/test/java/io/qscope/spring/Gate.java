package io.qscope.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands before a database, and can be shut, as when the database is away. */
final class Gate implements AutoCloseable {

    private final int serverPort;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicBoolean losesAnswer = new AtomicBoolean();
    private ServerSocket listening;

    Gate(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listening = listening(0);
        this.port = listening.getLocalPort();
    }

    int port() {
        return port;
    }

    /** Breaks all connections, and lets none be made from now on. */
    void shut() throws IOException {
        listening.close();
        sockets.forEach(Gate::close);
        sockets.clear();
    }

    void open() throws IOException {
        listening = listening(port);
    }

    private ServerSocket listening(int at) throws IOException {
        ServerSocket made = new ServerSocket(at, 50, InetAddress.getLoopbackAddress());
        run(() -> accept(made));
        return made;
    }

    /** Breaks the connection on which the next COMMIT goes to the server, as soon as the server has answered it. */
    void loseNextCommitsAnswer() {
        losesAnswer.set(true);
    }

    /** Whether there was no COMMIT since. */
    boolean hasYetToLose() {
        return losesAnswer.get();
    }

    private void accept(ServerSocket by) throws IOException {
        while (!by.isClosed()) {
            Socket client = by.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
            AtomicBoolean losing = new AtomicBoolean();
            run(() -> pass(client, server, losing, true));
            run(() -> pass(server, client, losing, false));
            if (by.isClosed()) {
                close(client);
            }
        }
    }

    private void pass(Socket from, Socket to, AtomicBoolean losing, boolean isClient) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[65_536];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (isClient && commits(buffer, read) && losesAnswer.compareAndSet(true, false)) {
                    losing.set(true);
                } else if (!isClient && losing.get()) {
                    return;
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        }
    }

    private static boolean commits(byte[] buffer, int read) {
        return new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains("COMMIT");
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
                "gate");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // As it should be.
        }
    }

    @Override
    public void close() throws IOException {
        shut();
    }
}
