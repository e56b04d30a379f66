package io.qscope.sqlite;

import io.qscope.engine.Callbacks;
import io.qscope.model.RayId;
import io.qscope.store.InvalidRowException;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The answers of a group of calls, failures among them in the words of the contract. */
final class Answers {

    private final Path file;
    private final io.qscope.engine.Answers answers;

    Answers(Callbacks callbacks, Path file, int size) {
        this.file = file;
        this.answers = new io.qscope.engine.Answers(callbacks, size);
    }

    <R> void answered(CompletableFuture<R> future, R value) {
        answers.answered(future, value);
    }

    /** Notes a failure in the words of the contract. */
    void failed(CompletableFuture<?> future, RayId rayId, Throwable failure) {
        answers.failed(future, inWords(file, rayId, failure));
    }

    private static Throwable inWords(Path file, RayId rayId, Throwable failure) {
        if (failure instanceof SqliteFailure sqlite) {
            return sqlite.toException(file, rayId);
        }
        if (failure instanceof StorageException || failure instanceof UnsupportedOperationException) {
            return failure;
        }
        if (failure instanceof SqliteConnection.Unencodable unencodable) {
            return new InvalidRowException(String.valueOf(unencodable.getMessage()), rayId);
        }
        if (failure instanceof ResultRow.Damaged damage) {
            return new StorageCorruptedException(
                    file + ": a row holds what no call of this library writes: " + damage.getMessage(), rayId);
        }
        return new StorageUnavailableException(file + ": " + notForeseen(failure), false, rayId);
    }

    /** Without the failure's own words, which could hold values of a row. */
    static String notForeseen(Throwable failure) {
        return "the call failed for a reason not foreseen ("
                + failure.getClass().getName() + "), please report it";
    }

    /** {@link io.qscope.engine.Answers#size}. */
    int size() {
        return answers.size();
    }

    /** {@link io.qscope.engine.Answers#cutTo}. */
    void cutTo(int size) {
        answers.cutTo(size);
    }

    /** {@link io.qscope.engine.Answers#settle}. */
    void settle() {
        answers.settle();
    }

    /** {@link io.qscope.engine.Answers#cutToSettled}. */
    int cutToSettled() {
        return answers.cutToSettled();
    }

    /** {@link io.qscope.engine.Answers#send}. */
    void send() {
        answers.send();
    }
}
