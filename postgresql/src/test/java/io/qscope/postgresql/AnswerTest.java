package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.engine.Listening;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlStorage;
import io.qscope.sql.SqlUnit;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was committed is never told as not applied, even if no answer can be made of it. */
@Timeout(60)
class AnswerTest {

    /** An engine whose units end with a conclusion that fails. */
    private record Confused(SqlEngine engine) implements SqlEngine {

        @Override
        public SqlDialect dialect() {
            return engine.dialect();
        }

        @Override
        public Listening listening() {
            return engine.listening();
        }

        @Override
        public void read(List<? extends SqlRead<?, ?>> calls) {
            engine.read(calls);
        }

        @Override
        public void write(List<? extends SqlUnit<?>> units) {
            engine.write(units.stream().map(Confused::confused).toList());
        }

        private static <R> SqlUnit<R> confused(SqlUnit<R> unit) {
            return new SqlUnit<>(
                    unit.parts(),
                    end -> {
                        throw new IllegalStateException("this should not happen");
                    },
                    unit.rayId(),
                    unit.future(),
                    unit.isUnitOfWork(),
                    unit.locksAlone());
        }

        @Override
        public CompletableFuture<Health> health(RayId rayId) {
            return engine.health(rayId);
        }

        @Override
        public CompletableFuture<Migration> migrate(RayId rayId) {
            return engine.migrate(rayId);
        }

        @Override
        public Guarantees guarantees() {
            return engine.guarantees();
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    @Test
    void aCommitOfWhichNoAnswerCanBeMadeIsUnknown() throws Exception {
        try (Storage storage = Storage.open(TestServer.location(TestServer.newSchema()))) {
            Storage confused = new SqlStorage(new Confused(((SqlStorage) storage).engine()));
            OAuthClient client = new Rows(storage, new Random()).client();

            assertThat(confused.clients()
                            .insert(client, RayId.random())
                            .handle((done, failed) -> failed)
                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            StorageUnavailableException.class,
                            failed -> assertThat(failed.outcomeUnknown()).isTrue())
                    .hasMessageContaining("no answer could be made")
                    .hasMessageContaining("IllegalStateException");
            assertThat(storage.clients().getById(client.id(), RayId.random()).get(10, TimeUnit.SECONDS))
                    .isPresent();
        }
    }
}
