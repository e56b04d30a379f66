package io.qscope.audit;

import io.qscope.model.AuditLog;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.StorageCorruptedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads a listing of the audit log to its end, page by page, one after the other. */
final class LogWalk {

    /** Who is shown the entries. */
    interface Reader {

        /** The next entry. */
        void entry(AuditLog entry);

        /** The entry after the last one shown, or the one after that, cannot be read; the walk ends here. */
        void unreadable(String problem);
    }

    private final Function<Page, CompletableFuture<Slice<AuditLog>>> listing;
    private final Reader reader;
    private final LongConsumer rowsOfPage;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private @Nullable String after;
    private int size = Page.MOST;

    private LogWalk(
            Function<Page, CompletableFuture<Slice<AuditLog>>> listing, Reader reader, LongConsumer rowsOfPage) {
        this.listing = listing;
        this.reader = reader;
        this.rowsOfPage = rowsOfPage;
    }

    /** Shows every entry of the listing to the reader; fails with what the listing or the reader fails with. */
    static CompletableFuture<@Nullable Void> through(
            Function<Page, CompletableFuture<Slice<AuditLog>>> listing, Reader reader, LongConsumer rowsOfPage) {
        LogWalk walk = new LogWalk(listing, reader, rowsOfPage);
        walk.go();
        return walk.end;
    }

    /** A loop as long as pages are there at once, so that a long log does not become a deep stack. */
    private void go() {
        boolean more = true;
        while (more) {
            CompletableFuture<Slice<AuditLog>> call = listing.apply(new Page(after, size));
            if (!call.isDone()) {
                var unused = call.whenComplete((slice, error) -> {
                    if (took(slice, error)) {
                        go();
                    }
                });
                return;
            }
            more = call.handle(this::took).join();
        }
    }

    /** Takes a page; whether there is more to ask for. */
    private boolean took(@Nullable Slice<AuditLog> slice, @Nullable Throwable error) {
        try {
            if (slice == null) {
                return tookFailure(error instanceof CompletionException wrapped ? wrapped.getCause() : error);
            }
            slice.rows().forEach(reader::entry);
            rowsOfPage.accept(slice.rows().size());
            return follows(slice.next());
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
            return false;
        }
    }

    /** Whether there is another page, which must start elsewhere: else what stands there cannot be told from what comes next. */
    private boolean follows(@Nullable String next) {
        boolean advances = next != null && !next.equals(after);
        if (next != null && !advances) {
            reader.unreadable("the listing does not go on after \"" + next + "\"");
        }
        after = next;
        if (!advances) {
            end.complete(null);
        }
        return advances;
    }

    /** An entry damaged by hand fails its whole page: smaller ones bring the walk up to it. */
    private boolean tookFailure(@Nullable Throwable failure) {
        if (failure instanceof StorageCorruptedException && size > 1) {
            size /= 2;
            return true;
        }
        if (failure instanceof StorageCorruptedException damage) {
            reader.unreadable(String.valueOf(damage.getMessage()));
            end.complete(null);
        } else {
            end.completeExceptionally(
                    failure == null ? new IllegalStateException("the listing gave neither page nor failure") : failure);
        }
        return false;
    }
}
