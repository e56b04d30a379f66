package io.qscope.app.demo;

import io.qscope.app.Console;
import io.qscope.app.demo.Step.Unexpected;
import io.qscope.model.RayId;
import io.qscope.result.FailedResult;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.service.ServiceError;
import java.util.Objects;
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

    /** The value of an answer that must be a success. */
    <T> T value(CompletableFuture<Result<T>> call) {
        Result<T> result = await(call);
        if (result instanceof FailedResult<T> failed) {
            throw new Unexpected("refused: " + failed.errorCode() + ", " + failed.clientMessage());
        }
        return Objects.requireNonNull(((SuccessResult<T>) result).value());
    }

    /** An answer that must be this refusal. */
    <T> FailedResult<T> refused(ServiceError expected, CompletableFuture<Result<T>> call) {
        if (await(call) instanceof FailedResult<T> failed) {
            if (failed.errorCode().equals(expected.code())) {
                return failed;
            }
            throw new Unexpected("expected " + expected.code() + ", not " + failed.errorCode());
        }
        throw new Unexpected("it was done, and must be refused with " + expected.code());
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
}
