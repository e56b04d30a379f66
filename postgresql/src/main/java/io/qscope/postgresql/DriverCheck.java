package io.qscope.postgresql;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.impl.PreparedStatementBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import io.vertx.sqlclient.internal.command.PrepareStatementCommand;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Line}, {@link LoopWatch} and {@link Statements} use of Vert.x and Netty beyond their public interfaces, which any release may change. An
 * application that has another release on its class path learns so when it opens a storage, and not by its first call.
 */
final class DriverCheck {

    /** The releases of Vert.x that have all of it. */
    static final String MADE_FOR = "5.0";

    private DriverCheck() {}

    @SuppressWarnings("UnusedMethod") // it is given a method, and nobody calls it
    private interface Prepares {
        PrepareStatementCommand command(String text, @Nullable PrepareOptions options, boolean managed);
    }

    @SuppressWarnings("UnusedMethod") // it is given a method, and nobody calls it
    private interface Creates {
        PreparedStatement statement(
                Connection connection,
                ContextInternal context,
                io.vertx.sqlclient.internal.PreparedStatement prepared,
                boolean cached);
    }

    @SuppressWarnings("UnusedMethod") // it is given a method, and nobody calls it
    private interface Makes {
        ConnectionFactory<PgConnectOptions> factory(PgDriver driver, Vertx vertx, NetClientOptions options);
    }

    /** What is wrong with what is on the class path; null when nothing is. */
    static @Nullable String problem() {
        try {
            link();
            return null;
        } catch (LinkageError missing) {
            return "this release works with Vert.x " + MADE_FOR + ", and the class path has " + version()
                    + ", which lacks what it uses (" + missing
                    + "); let all artifacts of io.vertx have one version, " + MADE_FOR + ".x";
        }
    }

    /** Naming a method makes the JVM look for it, and calls nothing. */
    private static void link() {
        Makes makes = PgDriver::createConnectionFactory;
        Prepares prepares = PrepareStatementCommand::new;
        Creates creates = PreparedStatementBase::create;
        Function<SqlConnectionInternal, Connection> inner = SqlConnectionInternal::unwrap;
        Function<NetSocketInternal, ChannelHandlerContext> socket = NetSocketInternal::channelHandlerContext;
        Function<ChannelHandlerContext, ChannelPipeline> pipeline = ChannelHandlerContext::pipeline;
        Function<ChannelPipeline, @Nullable ChannelHandlerContext> outermost = ChannelPipeline::firstContext;
        Function<ChannelHandlerContext, ChannelFuture> closes = ChannelHandlerContext::close;
        BiFunction<VertxWrapper, NetClientOptions, Object> wraps = VertxWrapper::createNetClient;
        Function<ContextInternal, EventLoop> loop = ContextInternal::nettyEventLoop;
        List.of(makes, prepares, creates, inner, socket, pipeline, outermost, closes, wraps, loop, PgDriver.INSTANCE)
                .forEach(Objects::requireNonNull);
    }

    private static String version() {
        try {
            return VertxInternal.version();
        } catch (LinkageError unknown) {
            return "another";
        }
    }
}
