package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlStorage;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that fails with an {@link Error}, as it does beside another release of Vert.x, is told at once, and no call hangs. */
@Timeout(60)
class BrokenCodeTest {

    private static CompletableFuture<UnitOutcome> commit(Storage storage, Rows rows) {
        return storage.unitOfWork(new Attempt("attempt-1", Rows.NOW, "test"))
                .insert(rows.accessToken(rows.storedClient()))
                .insert(rows.auditLog())
                .commit(RayId.random());
    }

    private static void assertIsTold(CompletableFuture<?> call) throws Exception {
        // Half of what a call may take.
        assertThat(call.handle((done, failed) -> failed).get(5, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        StorageUnavailableException.class,
                        failed -> assertThat(failed.outcomeUnknown()).isFalse())
                .hasMessageContaining("NoSuchMethodError");
    }

    /** A statement at a time, which is how a chain is opened, and as a whole. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aUnitWhoseCodeFailsIsNotApplied(boolean isOpen) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(!isOpen);
        KeyRing ring = KeyRing.of(Key.generate("test"));
        try (Storage storage = PostgresqlStorage.builder(TestServer.location(TestServer.newSchema()))
                .connections(1)
                .keys(() -> {
                    if (broken.get()) {
                        throw new NoSuchMethodError("as if");
                    }
                    return ring;
                })
                .open()) {
            Rows rows = new Rows(storage, new Random());
            if (isOpen) {
                commit(storage, rows).get(10, TimeUnit.SECONDS);
            }
            broken.set(true);
            assertIsTold(commit(storage, rows));

            broken.set(false);
            assertThat(commit(storage, rows).get(10, TimeUnit.SECONDS)).isInstanceOf(UnitOutcome.Committed.class);
        }
    }

    @Test
    void aReadWhoseAnswerCannotBeMadeFails() throws Exception {
        try (Storage storage = Storage.open(TestServer.location(TestServer.newSchema()))) {
            SqlEngine engine = ((SqlStorage) storage).engine();
            SqlRead<?, ?> read = brokenRead();
            engine.read(List.of(read));
            assertIsTold(read.future());
            storage.clients().getById("none", RayId.random()).get(5, TimeUnit.SECONDS);
        }
    }

    private static SqlRead<?, ?> brokenRead() {
        SqlQuery<String> query = SqlQuery.of("SELECT 'x'", row -> {
            throw new NoSuchMethodError("as if");
        });
        return SqlRead.of(query, found -> found.get(0), RayId.random());
    }

    /** Loads everything anew but one class, as if the class path had a release without it. */
    private static final class Without extends URLClassLoader {

        private final String missing;

        Without(String missing) throws MalformedURLException {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            this.missing = missing;
        }

        private static URL[] classPath() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                urls.add(new File(entry).toURI().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals(missing)) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    private static @Nullable String problemWithout(String missing) throws IOException, ReflectiveOperationException {
        try (Without loader = new Without(missing)) {
            Method problem = loader.loadClass(DriverCheck.class.getName()).getDeclaredMethod("problem");
            problem.setAccessible(true);
            return (String) problem.invoke(null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.vertx.sqlclient.internal.command.PrepareStatementCommand",
                "io.vertx.core.internal.net.NetSocketInternal",
                "io.vertx.core.internal.VertxWrapper",
                "io.vertx.core.internal.VertxInternal",
                "io.vertx.pgclient.spi.PgDriver"
            })
    void aReleaseOfVertxThatLacksWhatIsUsedIsNamed(String missing) throws Exception {
        assertThat(problemWithout(missing))
                .contains("works with Vert.x 5.0", missing.substring(missing.lastIndexOf('.') + 1));
    }

    @Test
    void thisOneIsWhatItIsMadeFor() throws Exception {
        assertThat(DriverCheck.problem()).isNull();
        assertThat(problemWithout("nothing")).isNull();
        assertThat(io.vertx.core.internal.VertxInternal.version()).startsWith(DriverCheck.MADE_FOR + ".");
    }
}
