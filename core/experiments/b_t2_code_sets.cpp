#include <fmt/format.h>

#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"
#include "core/training/run_files.h"
#include "core/training/run_record.h"

namespace signet::experiments {
namespace {

constexpr std::size_t kRecords = 10;  ///< last ones of a run that its training accuracy is the mean of

double trainingAccuracy(const std::filesystem::path& run) {
    const auto records = training::readJsonLines(run / training::kMetricsFile);
    double sum = 0;
    std::size_t count = 0;
    for (auto record = records.rbegin(); record != records.rend() && count < kRecords; ++record) {
        if (!record->contains("bit_accuracy")) continue;
        sum += (*record)["bit_accuracy"].get<double>();
        ++count;
    }
    return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace

std::vector<RowPlan> codeSetRows(const Settings& settings) {
    struct Published {
        std::int64_t codes;
        double training, test;
    };
    constexpr std::array kPublished = {Published{10, 1.000, 0.512},      Published{100, 1.000, 0.537},
                                       Published{1000, 1.000, 0.752},    Published{10'000, 0.990, 0.988},
                                       Published{100'000, 0.983, 0.981}, Published{0, 0.991, 0.991}};
    std::vector<RowPlan> rows;
    for (const auto& [codes, training, test] : kPublished) {
        const Json options = settings.training("fingerprint", {{"codes", codes}});
        rows.push_back({.name = codes == 0 ? "on the fly" : fmt::format("{} fingerprints", codes),
                        .paper = {{"train_bit_accuracy", training}, {"bit_accuracy", test}},
                        .trainings = {options},
                        .measure = [options](Workshop& workshop, const auto& models) {
                            auto model = fingerprintModel(workshop, models[0]);
                            Json ours = bitsRead(workshop, model);
                            ours["train_bit_accuracy"] = trainingAccuracy(workshop.runOf(options));
                            return ours;
                        }});
    }
    return rows;
}

}  // namespace signet::experiments
