package io.qscope.sqlite;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.sql.SqlRead;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One of the threads that answer reads, each on a connection of its own. A statement sees the last commit at its start, hence
 * every write acknowledged before.
 */
final class SqliteReader implements Runnable {

    /** Enough that handing over costs little beside the work, few enough that the first does not wait for long. */
    static final int LARGEST_GROUP = 64;

    private final Path file;
    private final SqliteConnection connection;
    private final CallQueue<SqlRead<?, ?>> queue;
    private final Callbacks callbacks;
    private final BooleanSupplier halted;

    /** What the thread holds now, for {@link #abandon}. */
    private volatile List<SqlRead<?, ?>> underWay = List.of();

    SqliteReader(
            Path file,
            SqliteConnection connection,
            CallQueue<SqlRead<?, ?>> queue,
            Callbacks callbacks,
            BooleanSupplier halted) {
        this.file = file;
        this.connection = connection;
        this.queue = queue;
        this.callbacks = callbacks;
        this.halted = halted;
    }

    @Override
    public void run() {
        List<SqlRead<?, ?>> group = new ArrayList<>();
        while (queue.take(group)) {
            underWay = group;
            int together = group.size();
            group.forEach(read -> Listening.takenUp(read.future(), together));
            Answers answers = new Answers(callbacks, file, group.size());
            answerAll(group, answers);
            // From here on they are the sender's: a callback may close the storage on this very thread.
            underWay = List.of();
            answers.send();
            group = new ArrayList<>(group.size());
        }
    }

    /**
     * In one transaction, because SQLite takes and gives back a lock of the file for each. Its snapshot is that of the first
     * statement, hence later than every call of the group.
     */
    private void answerAll(List<SqlRead<?, ?>> group, Answers answers) {
        boolean together = group.size() > 1 && connection.beginReading();
        for (SqlRead<?, ?> read : group) {
            answer(read, answers);
        }
        if (together) {
            connection.endReading();
        }
    }

    private <T, R> void answer(SqlRead<T, R> read, Answers answers) {
        if (halted.getAsBoolean()) {
            answers.failed(read.future(), read.rayId(), SqliteEngine.closed(file, read.rayId()));
            return;
        }
        try {
            answers.answered(read.future(), read.answer().apply(connection.ask(read.query())));
        } catch (RuntimeException | Error e) {
            answers.failed(read.future(), read.rayId(), e);
        }
    }

    /** Fails what the thread holds, when it does not come back in time or failed itself. */
    void abandon(String problem) {
        Answers answers = new Answers(callbacks, file, 0);
        for (SqlRead<?, ?> read : underWay) {
            answers.failed(
                    read.future(),
                    read.rayId(),
                    new StorageUnavailableException(file + ": " + problem, false, read.rayId()));
        }
        answers.send();
    }
}
