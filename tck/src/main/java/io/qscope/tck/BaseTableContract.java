package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Row;
import io.qscope.store.BaseTable;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.InvalidRowException;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.TableName;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every table promises: insert, read, update, delete. */
abstract class BaseTableContract extends ContractGroup {

    private static final String EVERY = "io.qscope.tck.TableCase#all";
    private static final String MUTABLE = "io.qscope.tck.TableCase#mutable";

    BaseTableContract(StorageContract kit) {
        super(kit);
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    <T extends Row> void anInsertedRowIsReadBack(TableCase<T> table) {
        T row = table.fresh().apply(rows());

        await(table.in(storage()).insert(row, ray()));

        assertThat(read(table, row.id())).isEqualTo(table.inserted(row));
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    <T extends Row> void anAbsentRowIsEmpty(TableCase<T> table) {
        assertThat(await(table.in(storage()).getById(rows().id(), ray()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void insertStoresVersionOneWhateverTheRowSays(TableCase<T> table) {
        T row = RecordFields.with(table.fresh().apply(rows()), "version", 41L);

        await(table.in(storage()).insert(row, ray()));

        assertThat(read(table, row.id()).version()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    <T extends Row> void aSecondInsertFailsAndTheFirstRowStays(TableCase<T> table) {
        T row = stored(table);
        T second = RecordFields.with(table.fresh().apply(rows()), "id", row.id());

        DuplicateRowException failure =
                failure(DuplicateRowException.class, ray -> table.in(storage()).insert(second, ray));

        assertThat(failure.key()).isEqualTo("id");
        assertThat(failure.table()).isEqualTo(table.name());
        assertThat(failure.part()).isNull();
        assertThat(read(table, row.id())).isEqualTo(table.inserted(row));
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    <T extends Row> void insertingTheSameRowAgainFails(TableCase<T> table) {
        T row = stored(table);

        failure(DuplicateRowException.class, ray -> table.in(storage()).insert(row, ray));
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void anUpdateIsReadBackWithOneVersionMore(TableCase<T> table) {
        T row = stored(table);
        T changed = written(row, "somebody else");

        await(table.in(storage()).update(changed, ray()));

        assertThat(read(table, row.id())).isEqualTo(RecordFields.with(changed, "version", 2L));
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void updatesInTurnSucceed(TableCase<T> table) {
        T row = stored(table);

        for (int turn = 1; turn <= 3; turn++) {
            await(table.in(storage()).update(written(read(table, row.id()), "turn " + turn), ray()));
        }

        assertThat(read(table, row.id()).version()).isEqualTo(4);
        assertThat(read(table, row.id()).updatedBy()).isEqualTo("turn 3");
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void anUpdateOfAnAbsentRowIsNotFoundAndStoresNothing(TableCase<T> table) {
        T absent = table.inserted(table.fresh().apply(rows()));

        failure(RowNotFoundException.class, ray -> table.in(storage()).update(absent, ray));

        assertThat(await(table.in(storage()).getById(absent.id(), ray()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void anUpdateOfAnOlderVersionIsStaleAndChangesNothing(TableCase<T> table) {
        T row = stored(table);
        await(table.in(storage()).update(written(row, "first"), ray()));
        T before = read(table, row.id());

        failure(StaleRowException.class, ray -> table.in(storage()).update(written(row, "second"), ray));

        assertThat(read(table, row.id())).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void anUpdateOfAVersionNeverSeenIsStale(TableCase<T> table) {
        T row = stored(table);

        for (long version : new long[] {0, 2, Long.MAX_VALUE}) {
            T given = RecordFields.with(written(row, "guess"), "version", version);
            failure(StaleRowException.class, ray -> table.in(storage()).update(given, ray));
        }
        assertThat(read(table, row.id())).isEqualTo(row);
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void repeatingAnUpdateIsStale(TableCase<T> table) {
        T row = stored(table);
        await(table.in(storage()).update(written(row, "once"), ray()));

        failure(StaleRowException.class, ray -> table.in(storage()).update(written(row, "once"), ray));
    }

    @ParameterizedTest
    @MethodSource("fieldsKeptByUpdates")
    <T extends Row> void anUpdateMayNotChange(TableCase<T> table, RecordComponent field) {
        T row = stored(table);
        T changed = RecordFields.with(written(row, "somebody else"), field.getName(), other(row, field));

        failure(InvalidRowException.class, ray -> table.in(storage()).update(changed, ray));

        assertThat(read(table, row.id())).isEqualTo(row);
    }

    static Stream<Arguments> fieldsKeptByUpdates() {
        return TableCase.mutable()
                .flatMap(table -> RecordFields.of(table.type()).stream()
                        .filter(table::isKept)
                        .map(field -> Arguments.of(table, field)));
    }

    /** References stay valid, so that nothing but the change itself can be what is refused. */
    private Object other(Row row, RecordComponent field) {
        return switch (field.getName()) {
            case "clientId" -> rows().storedClient().id();
            case "authorizationId" -> rows().storedAuthorization().id();
            default -> new FieldValues(random()).otherThan(RecordFields.get(row, field), field);
        };
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void staleIsJudgedBeforeWhatMayNotChange(TableCase<T> table) {
        T row = stored(table);
        T changed = RecordFields.with(RecordFields.with(row, "version", 7L), "createdBy", "somebody else");

        failure(StaleRowException.class, ray -> table.in(storage()).update(changed, ray));
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void aDeletedRowIsGone(TableCase<T> table) {
        T row = stored(table);

        await(table.in(storage()).deleteById(row.id(), ray()));

        assertThat(await(table.in(storage()).getById(row.id(), ray()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void deletingAgainSucceeds(TableCase<T> table) {
        T row = stored(table);

        await(table.in(storage()).deleteById(row.id(), ray()));
        await(table.in(storage()).deleteById(row.id(), ray()));
        await(table.in(storage()).deleteById(rows().id(), ray()));
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void deletingOneRowLeavesTheOthers(TableCase<T> table) {
        T row = stored(table);
        T other = stored(table);

        await(table.in(storage()).deleteById(row.id(), ray()));

        assertThat(read(table, other.id())).isEqualTo(other);
    }

    @ParameterizedTest
    @MethodSource(MUTABLE)
    <T extends Row> void aDeletedRowsKeysAreFree(TableCase<T> table) {
        T row = stored(table);
        await(table.in(storage()).deleteById(row.id(), ray()));

        await(table.in(storage()).insert(row, ray()));

        assertThat(read(table, row.id())).isEqualTo(row);
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    <T extends Row> void idsAreComparedExactly(TableCase<T> table) {
        T lower = RecordFields.with(table.fresh().apply(rows()), "id", "id-" + rows().id());
        T upper = RecordFields.with(
                table.fresh().apply(rows()), "id", "ID-" + lower.id().substring(3));
        T spaced = RecordFields.with(table.fresh().apply(rows()), "id", lower.id() + " ");

        for (T row : List.of(lower, upper, spaced)) {
            await(table.in(storage()).insert(row, ray()));
        }

        assertThat(read(table, lower.id())).isEqualTo(table.inserted(lower));
        assertThat(read(table, upper.id())).isEqualTo(table.inserted(upper));
        assertThat(read(table, spaced.id())).isEqualTo(table.inserted(spaced));
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    <T extends Row> void everyCallReturnsAFreshFuture(TableCase<T> table) {
        BaseTable<T> calls = table.in(storage());
        String absent = rows().id();

        assertThat(calls.getById(absent, ray())).isNotSameAs(calls.getById(absent, ray()));
        if (table.name() != TableName.AUDIT_LOG) {
            assertThat(calls.deleteById(absent, ray())).isNotSameAs(calls.deleteById(absent, ray()));
        }
    }

    private <T extends Row> T stored(TableCase<T> table) {
        T row = table.fresh().apply(rows());
        await(table.in(storage()).insert(row, ray()));
        return table.inserted(row);
    }

    private <T extends Row> T read(TableCase<T> table, String id) {
        return table.withoutGivenByStore(row(table.in(storage()), id));
    }

    private static <T extends Row> T written(T row, String by) {
        return RecordFields.with(RecordFields.with(row, "updatedAt", NOW.plusSeconds(1)), "updatedBy", by);
    }
}
