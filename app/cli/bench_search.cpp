#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <span>
#include <thread>

#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "core/base/platform.h"
#include "core/base/random.h"
#include "core/fingerprint/code_search.h"
#include "core/image/simd.h"

namespace signet::cli {
namespace {

using fingerprint::PackedCodes;
using fingerprint::SearchKernel;

struct SearchBenchArguments {
    std::size_t codes = 10'000'000;
    int bits = 128;
    int n = 15;
};

SIGNET_SIMD std::uint64_t sumOf(const std::uint64_t* words, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += words[i];
    return sum;
}

/// Reads all codes once, by so many threads, and does next to nothing with them.
std::uint64_t readAll(const PackedCodes& codes, int threads) {
    const std::size_t words = codes.count() * codes.wordsEach(), parts = static_cast<std::size_t>(threads);
    std::vector<std::uint64_t> sums(parts);
    {
        std::vector<std::jthread> others;
        const auto readPart = [&](std::size_t part) {
            const std::size_t first = words * part / parts, last = words * (part + 1) / parts;
            sums[part] = sumOf(codes.words(0) + first, last - first);
        };
        for (std::size_t part = 1; part < parts; ++part) others.emplace_back(readPart, part);
        readPart(0);
    }
    return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

void benchSearch(Session& session, const SearchBenchArguments& arguments) {
    const int threads = session.options().threadCount();
    StepRandom random(1, 1, 1);
    PackedCodes codes(arguments.bits);
    codes.addRandom(arguments.codes, random);

    std::vector<double> search, plain, read;
    std::uint64_t sum = 0;
    const auto rounds = static_cast<std::uint64_t>(arguments.n) + 1;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
        session.progress(i, rounds, "search");
        PackedCodes drawn(arguments.bits);
        drawn.addRandom(1, random);
        const std::span wanted(drawn.words(0), drawn.wordsEach());
        const double reading = secondsOf([&] { sum += readAll(codes, threads); });
        const double searching = secondsOf([&] { nearestCodes(codes, wanted, 8, threads); });
        const double plainly =
            secondsOf([&] { nearestCodes(codes, wanted, 8, threads, SearchKernel::Portable); });
        if (i == 0) continue;  // the first is not measured
        read.push_back(reading);
        search.push_back(searching);
        plain.push_back(plainly);
    }
    if (sum == 0) throw Error(ErrorCode::Internal, "nothing was read");
    const double seconds = median(search), readSeconds = median(read);
    const double bytes = static_cast<double>(codes.count() * codes.wordsEach() * sizeof(std::uint64_t));
    const std::string kernel(toString(fingerprint::bestSearchKernel()));
    session.emit({{"name", "search"},
                  {"ratio_to_memory_bandwidth", readSeconds / seconds},
                  {"seconds", seconds},
                  {"reference_seconds", readSeconds},
                  {"plain_seconds", median(plain)},
                  {"codes", codes.count()},
                  {"bits", arguments.bits},
                  {"kernel", kernel},
                  {"n", arguments.n},
                  {"peak_rss_mib", peakRssMiB()},
                  {"threads", threads},
                  {"processor", processorName()}},
                 fmt::format("search: {:.1f} ms for the nearest of {} codes of {} bits ({}), {:.1f} GB/s\n"
                             "  memory read alone {:.1f} ms, {:.1f} GB/s: {:.0f} % of its bandwidth; a plain "
                             "loop {:.1f} ms; medians of {}, {} threads; {}",
                             1000 * seconds, codes.count(), arguments.bits, kernel, bytes / seconds / 1e9,
                             1000 * readSeconds, bytes / readSeconds / 1e9, 100 * readSeconds / seconds,
                             1000 * median(plain), arguments.n, threads, processorName()));
}

}  // namespace

void addBenchSearch(CLI::App& bench, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(bench, common, "search",
                                  "Time of a search of a registry's codes, beside reading them from memory",
                                  "signet bench search --json");
    auto arguments = std::make_shared<SearchBenchArguments>();
    sub.add_option("--codes", arguments->codes, "Registered codes")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 30))
        ->capture_default_str();
    sub.add_option("--bits", arguments->bits, "Bits of a code")
        ->check(CLI::Range(1, 512))
        ->capture_default_str();
    sub.add_option("-n", arguments->n, "Searches")->check(CLI::Range(1, 100'000))->capture_default_str();
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { benchSearch(session, *arguments); });
    });
}

}  // namespace signet::cli
