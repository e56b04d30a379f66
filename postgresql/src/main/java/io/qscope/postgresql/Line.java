package io.qscope.postgresql;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection and its socket, from the first packet on. The driver ends a connection by asking the server to: behind what it
 * waits for, and not at all while it is still being let in. A server that hangs does not answer, and the socket would stay. So
 * the socket is closed here, whatever the driver waits for. Belongs to the event loop.
 */
final class Line {

    /** How long a server may take to close a connection that it is asked to. */
    static final long FAREWELL_MILLIS = 1_000;

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final NetClient client;
    private final ConnectionFactory<PgConnectOptions> driver;
    private @Nullable NetSocket socket;
    private @Nullable PgConnection connection;
    private boolean cut;

    /**
     * Not connected yet.
     *
     * @param client makes the socket. Vert.x keeps each client until it is itself closed, so there is one for all lines
     */
    Line(Vertx vertx, PgConnectOptions options, NetClient client) {
        this.vertx = vertx;
        this.options = options;
        this.client = client;
        this.driver =
                PgDriver.INSTANCE.createConnectionFactory(new Tapped((VertxInternal) vertx), new NetClientOptions());
    }

    /** Connects, and asks to be let in. To be called once, on the engine's context. */
    Future<PgConnection> connect() {
        return driver.connect(vertx.getOrCreateContext(), options).map(made -> {
            PgConnection fresh = PgConnection.cast(made);
            connection = fresh;
            return fresh;
        });
    }

    /** The connection; there is one once the server has let it in. */
    PgConnection connection() {
        if (connection == null) {
            throw new IllegalStateException("nobody was let in");
        }
        return connection;
    }

    /** Asks the server to close the connection, and closes the socket if that takes too long. */
    void close() {
        if (connection == null) {
            cut();
            return;
        }
        long timer = vertx.setTimer(FAREWELL_MILLIS, late -> cut());
        connection.close().onComplete(closed -> {
            vertx.cancelTimer(timer);
            cut();
        });
    }

    /** Closes the socket, now or as soon as there is one. */
    void cut() {
        cut = true;
        if (socket != null) {
            // From the end where the socket is: the driver's own handler would make a farewell of it.
            ChannelHandlerContext outermost = ((NetSocketInternal) socket)
                    .channelHandlerContext()
                    .pipeline()
                    .firstContext();
            if (outermost != null) {
                ChannelFuture unused = outermost.close();
            }
        }
        driver.close((closed, failure) -> {});
    }

    private NetSocket tapped(NetSocket made) {
        socket = made;
        if (cut) {
            cut();
        }
        return made;
    }

    /** Hands the driver sockets that this knows of. */
    private final class Tapped extends VertxWrapper {

        Tapped(VertxInternal vertx) {
            super(vertx);
        }

        @Override
        public NetClient createNetClient(NetClientOptions options) {
            return new TappedClient();
        }
    }

    /** The client that makes all sockets, as the driver of this line has it. */
    private final class TappedClient implements NetClient {

        @Override
        public Future<NetSocket> connect(int port, String host) {
            return client.connect(port, host).map(Line.this::tapped);
        }

        @Override
        public Future<NetSocket> connect(int port, String host, String serverName) {
            return client.connect(port, host, serverName).map(Line.this::tapped);
        }

        @Override
        public Future<NetSocket> connect(SocketAddress address) {
            return client.connect(address).map(Line.this::tapped);
        }

        @Override
        public Future<NetSocket> connect(SocketAddress address, String serverName) {
            return client.connect(address, serverName).map(Line.this::tapped);
        }

        @Override
        public Future<NetSocket> connect(ConnectOptions options) {
            return client.connect(options).map(Line.this::tapped);
        }

        /** The driver is done with it, and other lines are not. */
        @Override
        public Future<Void> shutdown(long timeout, TimeUnit unit) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
            return client.updateSSLOptions(options, force);
        }

        @Override
        public boolean isMetricsEnabled() {
            return client.isMetricsEnabled();
        }
    }
}
