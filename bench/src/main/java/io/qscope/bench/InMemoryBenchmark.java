package io.qscope.bench;

import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Storage;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What each call costs before it reaches a disk. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InMemoryBenchmark {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final RayId RAY = RayId.random();

    private final Storage storage = Storage.open("memory:");
    private final String value = RowIds.next() + RowIds.next();
    private final TokenDigest consumed = TokenDigest.sha256(value);

    /** Stores one code and consumes it. */
    @Setup
    public void consume() {
        OAuthClient client = OAuthClient.builder()
                .id(RowIds.next())
                .clientIdentifier("client")
                .createdAt(NOW)
                .createdBy("bench")
                .build();
        Authorization root = Authorization.builder()
                .id(RowIds.next())
                .clientId(client.id())
                .userId("user")
                .createdAt(NOW)
                .createdBy("bench")
                .build();
        AuthorizationCode code = AuthorizationCode.builder()
                .id(RowIds.next())
                .code(consumed)
                .clientId(client.id())
                .userId("user")
                .authorizationId(root.id())
                .expiresAt(NOW.plusSeconds(60))
                .createdAt(NOW)
                .createdBy("bench")
                .build();
        storage.unitOfWork(Attempt.of(NOW, "bench"))
                .insert(client)
                .insert(root)
                .insert(code)
                .commit(RAY)
                .join();
        storage.authorizationCodes()
                .consume(consumed, Attempt.of(NOW, "bench"), RAY)
                .join();
    }

    /** Closes it. */
    @TearDown
    public void close() {
        storage.close();
    }

    /** Digesting a presented token. */
    @Benchmark
    public TokenDigest digest() {
        return TokenDigest.sha256(value);
    }

    /** A new row's id. */
    @Benchmark
    public String rowId() {
        return RowIds.next();
    }

    /** A replay on the in-memory engine, with its hand-over to the callbacks' thread and back. */
    @Benchmark
    public ConsumeOutcome<AuthorizationCode> replay() {
        return storage.authorizationCodes()
                .consume(consumed, Attempt.of(NOW, "bench"), RAY)
                .join();
    }
}
