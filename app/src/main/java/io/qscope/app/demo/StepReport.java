package io.qscope.app.demo;

import io.qscope.app.Console;
import io.qscope.app.demo.Step.Unexpected;
import io.qscope.model.RayId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a step tells what it does, and checks what came of it. */
final class StepReport {

    private static final long PATIENCE_SECONDS = 60;

    private final Console console;
    private final RayId rayId;

    StepReport(Console console, RayId rayId) {
        this.console = console;
        this.rayId = rayId;
    }

    RayId rayId() {
        return rayId;
    }

    /** Tells what happens, in plain words. */
    void tell(String... lines) {
        for (String line : lines) {
            console.line("    " + line);
        }
    }

    /** Shows a row or an outcome. */
    void show(String what, Object value) {
        console.line("      %-16s %s".formatted(what, value));
    }

    /** Tells what must hold now; ends the step when it does not. */
    void expect(String what, boolean holds) {
        if (!holds) {
            throw new Unexpected("this does not hold: " + what);
        }
        console.line("      " + console.green("ok") + " " + what);
    }

    /** The answer of a call; throws what the call failed with. */
    <T> T await(CompletableFuture<T> call) {
        try {
            return call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException slow) {
            throw new Unexpected("no answer within " + PATIENCE_SECONDS + " s (ray " + rayId + ")");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Unexpected("interrupted");
        }
    }

    /** What a call fails with that must fail so. */
    <E extends RuntimeException> E awaitFailure(Class<E> type, CompletableFuture<?> call) {
        try {
            await(call);
        } catch (RuntimeException thrown) {
            if (type.isInstance(thrown)) {
                return type.cast(thrown);
            }
            throw thrown;
        }
        throw new Unexpected("the storage did what it must refuse with " + type.getSimpleName());
    }

    /** The value that an outcome must be; ends the step when it is another. */
    static <T> T as(Class<T> type, Object outcome) {
        if (!type.isInstance(outcome)) {
            throw new Unexpected("expected " + type.getSimpleName() + ", the storage said " + outcome);
        }
        return type.cast(outcome);
    }
}
