package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Limits;
import io.qscope.model.OAuthClient;
import io.qscope.model.Row;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What goes in comes out: each field of each row, found by reflection, with unicode, empty and largest values, nulls, and
 * instants from 1970 to the last that a row may hold.
 */
abstract class RoundTripContract extends ContractGroup {

    private static final Set<String> REFERENCES = Set.of("clientId", "authorizationId");

    RoundTripContract(StorageContract kit) {
        super(kit);
    }

    @ParameterizedTest
    @MethodSource("insertedFields")
    <T extends Row> void insertKeeps(TableCase<T> table, RecordComponent field) {
        List<T> rows = variants(table, field);

        awaitAll(
                rows.stream().map(row -> table.in(storage()).insert(row, ray())).toList());

        for (T row : rows) {
            assertReadsBack(table, table.inserted(row), field);
        }
    }

    @ParameterizedTest
    @MethodSource("updatedFields")
    <T extends Row> void updateKeeps(TableCase<T> table, RecordComponent field) {
        List<T> changed = new ArrayList<>();
        List<CompletableFuture<Void>> inserts = new ArrayList<>();
        for (T variant : variants(table, field)) {
            T plain = RecordFields.with(table.sibling(variant, rows()), "id", variant.id());
            inserts.add(table.in(storage()).insert(plain, ray()));
            changed.add(RecordFields.with(
                    RecordFields.with(plain, field.getName(), RecordFields.get(variant, field)), "version", 1L));
        }
        awaitAll(inserts);

        awaitAll(changed.stream()
                .map(row -> table.in(storage()).update(row, ray()))
                .toList());

        for (T row : changed) {
            assertReadsBack(table, RecordFields.with(row, "version", 2L), field);
        }
    }

    @ParameterizedTest
    @MethodSource("io.qscope.tck.TableCase#all")
    <T extends Row> void theLargestRowIsReadBack(TableCase<T> table) {
        FieldValues values = new FieldValues(random());
        T row = table.fresh().apply(rows());
        for (RecordComponent field : RecordFields.of(table.type())) {
            if (!REFERENCES.contains(field.getName()) && !TableCase.isGivenByStore(field)) {
                row = RecordFields.with(row, field.getName(), values.largest(field));
            }
        }

        await(table.in(storage()).insert(row, ray()));

        assertThat(table.withoutGivenByStore(row(table.in(storage()), row.id())))
                .isEqualTo(table.inserted(row));
    }

    @ParameterizedTest
    @MethodSource("io.qscope.tck.TableCase#children")
    <T extends Row> void referencesMayBeAsLongAndOddAsIds(TableCase<T> table) {
        FieldValues values = new FieldValues(random());
        for (Object id : values.strings(Limits.ID)) {
            OAuthClient client = rows().stored(RecordFields.with(rows().client(), "id", id));
            // Another id than the client's, and drawn from as many: the kit's other tests share the storage.
            String rootId = new StringBuilder((String) id).reverse().toString();
            rows().stored(RecordFields.with(rows().authorization(client), "id", rootId));
            T row = RecordFields.with(
                    RecordFields.with(table.fresh().apply(rows()), "clientId", id), "authorizationId", rootId);

            await(table.in(storage()).insert(row, ray()));

            assertThat(row(table.in(storage()), row.id())).isEqualTo(table.inserted(row));
        }
    }

    static Stream<Arguments> insertedFields() {
        return TableCase.all().stream()
                .flatMap(table -> RecordFields.of(table.type()).stream()
                        .filter(field -> !REFERENCES.contains(field.getName()) && !TableCase.isGivenByStore(field))
                        .map(field -> Arguments.of(table, field)));
    }

    static Stream<Arguments> updatedFields() {
        return TableCase.mutable()
                .flatMap(table -> RecordFields.of(table.type()).stream()
                        .filter(table::isOrdinary)
                        .map(field -> Arguments.of(table, field)));
    }

    /** Rows with the same parents that differ in one field, and in their keys. */
    private <T extends Row> List<T> variants(TableCase<T> table, RecordComponent field) {
        FieldValues values = new FieldValues(random());
        T first = table.fresh().apply(rows());
        List<T> variants = new ArrayList<>();
        for (@Nullable Object value : values.samples(field)) {
            variants.add(RecordFields.with(table.sibling(first, rows()), field.getName(), value));
        }
        return variants;
    }

    private <T extends Row> void assertReadsBack(TableCase<T> table, T expected, RecordComponent field) {
        T read = table.withoutGivenByStore(row(table.in(storage()), expected.id()));
        assertThat(read).isEqualTo(expected);
        if (RecordFields.get(expected, field) instanceof Set<?> ordered) {
            // Equal sets may differ in order, which scopes keep (RFC 6749 §3.3 leaves it open; clients show it to
            // users).
            assertThat(List.copyOf((Set<?>) RecordFields.get(read, field)))
                    .as("the order of %s", field.getName())
                    .isEqualTo(List.copyOf(ordered));
        }
    }

    private static void awaitAll(List<CompletableFuture<Void>> calls) {
        calls.forEach(ContractGroup::await);
    }
}
