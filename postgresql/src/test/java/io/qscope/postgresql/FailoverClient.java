package io.qscope.postgresql;

import io.qscope.key.KeyRing;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A process that writes for as long as its standard input is open, and repeats what became unknown until it is known. What it is
 * told it logs to a file before it counts it: only then does it go on, and say the same on its standard output.
 *
 * <p>Lines are {@code MILLISECONDS WHAT KIND NAME …}; what: acknowledged, won, lost, unknown, refused (known not to be applied),
 * found (an unknown one, by reading: applied or absent), failed (which no fault excuses).
 */
public final class FailoverClient {

    /** The variable of the environment that holds the key ring. */
    static final String KEYS = "QSCOPE_FAILOVER_KEYS";

    private final FailoverWork work;
    private final Writer log;
    private final PrintStream out;
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    private FailoverClient(FailoverWork work, Writer log, PrintStream out) {
        this.work = work;
        this.log = log;
        this.out = out;
    }

    /**
     * Serves one parent.
     *
     * @param arguments a location, and the file that is the log
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Writer log = Files.newBufferedWriter(Path.of(arguments[1]));
                Storage storage = PostgresqlStorage.builder(arguments[0])
                        .keys(KeyRing.fromEnvironment(KEYS).orElseThrow())
                        .open()) {
            new FailoverClient(new FailoverWork(storage), log, out).serve(System.in);
        }
        System.exit(0);
    }

    private void serve(InputStream untilItEnds) throws IOException {
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        IntStream.range(0, FailoverWork.LANES).forEach(lane -> {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            lanes.add(ended);
            goOn(lane, 1, ended);
        });
        if (untilItEnds.read() >= 0) {
            throw new IOException("nothing is expected on the standard input but its end");
        }
        stopping = true;
        lanes.forEach(CompletableFuture::join);
    }

    private void goOn(int lane, int step, CompletableFuture<Void> ended) {
        var unused = step(lane, "l" + lane + "-" + step).whenComplete((done, failure) -> {
            if (failure != null) {
                log("failed lane " + lane + " " + failure);
                ended.completeExceptionally(failure);
            } else if (stopping) {
                ended.complete(null);
            } else {
                goOn(lane, step + 1, ended);
            }
        });
    }

    private CompletableFuture<?> step(int lane, String name) {
        if (lane < FailoverWork.INSERTING) {
            return known(token(lane, name));
        }
        CompletableFuture<?> stored = known(code(lane, name));
        return lane < FailoverWork.INSERTING + FailoverWork.REDEEMING
                ? stored.thenCompose(done -> known(redemption(lane, name)))
                : stored.thenCompose(done -> race(name));
    }

    private CompletableFuture<?> race(String name) {
        return CompletableFuture.allOf(IntStream.range(0, FailoverWork.CALLERS)
                .mapToObj(caller -> known(consumption(name, name + "-" + caller)))
                .toArray(CompletableFuture<?>[]::new));
    }

    /**
     * A write that may be repeated.
     *
     * @param name what the log calls it: kind, name, and further words
     * @param call answers what the log is to say of it
     * @param isApplied asks the storage, when the answer was lost
     */
    private record Write(
            String name, Supplier<CompletableFuture<String>> call, Supplier<CompletableFuture<Boolean>> isApplied) {}

    private Write token(int lane, String name) {
        var table = work.storage().accessTokens();
        return new Write(
                "token " + name,
                () -> table.insert(work.accessToken(lane, name), work.ray(name)).thenApply(done -> "acknowledged"),
                () -> table.getById(name, work.ray(name)).thenApply(found -> found.isPresent()));
    }

    private Write code(int lane, String name) {
        var table = work.storage().authorizationCodes();
        return new Write(
                "code " + name,
                () -> table.insert(work.code(lane, name), work.ray(name)).thenApply(done -> "acknowledged"),
                () -> table.getById(name, work.ray(name)).thenApply(found -> found.isPresent()));
    }

    private Write redemption(int lane, String name) {
        Storage storage = work.storage();
        return new Write(
                "unit " + name,
                () -> storage.unitOfWork(work.attempt(name))
                        .consume(work.digest(name))
                        .insert(work.accessToken(lane, name))
                        .insert(work.refreshToken(lane, name))
                        .insert(work.entry(name))
                        .commit(work.ray(name))
                        .thenApply(outcome ->
                                outcome instanceof UnitOutcome.Committed ? "acknowledged" : "failed " + outcome),
                () -> storage.auditLog().getById(name, work.ray(name)).thenApply(found -> found.isPresent()));
    }

    private Write consumption(String name, String attempt) {
        var table = work.storage().authorizationCodes();
        return new Write(
                "race " + name + " " + attempt,
                () -> table.consume(work.digest(name), work.attempt(attempt), work.ray(name))
                        .thenApply(outcome -> switch (outcome.kind()) {
                            case CONSUMED -> "won";
                            case ALREADY_CONSUMED -> "lost";
                            default -> "failed " + outcome.kind();
                        }),
                () -> table.getById(name, work.ray(name))
                        .thenApply(found -> found.orElseThrow().updatedBy().equals(attempt)));
    }

    /** Makes the write, again if need be, until it is known what became of it, and logs it. */
    private CompletableFuture<Void> known(Write write) {
        return write.call()
                .get()
                .thenAccept(answer -> log(answer + " " + write.name()))
                .exceptionallyCompose(failure -> afterFailure(write, failure));
    }

    private CompletableFuture<Void> afterFailure(Write write, Throwable failure) {
        Throwable why = cause(failure);
        if (why instanceof StorageUnavailableException unavailable) {
            if (!unavailable.outcomeUnknown()) {
                log("refused " + write.name());
                return known(write);
            }
            log("unknown " + write.name());
            doubtful.add(write.name());
            return look(write);
        }
        if (why instanceof DuplicateRowException && doubtful.contains(write.name())) {
            // Applied after it was looked for: the server had not yet noticed that its client was gone.
            log("acknowledged " + write.name());
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.failedFuture(why);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    /** Repeats it whatever is found: what is not yet there may still come. */
    private CompletableFuture<Void> look(Write write) {
        return write.isApplied()
                .get()
                .thenCompose(applied -> {
                    log("found " + write.name() + (applied ? " applied" : " absent"));
                    return known(write);
                })
                .exceptionallyCompose(failure -> {
                    if (cause(failure) instanceof StorageUnavailableException) {
                        log("refused reading " + write.name());
                        return look(write);
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    private synchronized void log(String line) {
        String whole = System.currentTimeMillis() + " " + line;
        try {
            log.write(whole + "\n");
            log.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println(whole);
    }
}
