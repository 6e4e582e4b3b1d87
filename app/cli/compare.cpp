#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "app/cli/commands.h"
#include "app/cli/kappa_image.h"
#include "app/cli/output_guard.h"
#include "core/base/file_io.h"
#include "core/examine/examine.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/metrics/quality.h"
#include "core/metrics/visible_difference.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct CompareArguments {
    std::string a;
    std::string b;
    std::string picture;
    bool force = false;
};

/// The decoded image, or nothing after its failure has been reported.
std::optional<image::Image> load(Session& session, const fs::path& path) {
    try {
        return image::toRgb8(image::decode(readFile(path)).image);
    } catch (const Error& error) {
        session.fail(path, error);
        return std::nullopt;
    }
}

double ssimOrNan(const image::Image& a, const image::Image& b) {
    try {
        return metrics::ssim(a, b);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::TooSmall) throw;
        return std::nan("");
    }
}

std::string readable(double psnr, double ssim, double mse, double kappaMax, double kappaMean,
                     const metrics::VisibleDifference& visible) {
    return fmt::format(
        "PSNR        {}\nSSIM        {}\nMSE         {:.4f}\nkappa max   {:.2f}\nkappa mean  {:.4f}\n"
        "visible     CIEDE2000 after the eye's low-pass ({} px a degree): 99 % of the places within {:.2f}, "
        "99.9 % within {:.2f}; over 1 on {:.1f} %",
        std::isinf(psnr) ? "identical pixels" : fmt::format("{:.2f} dB", psnr),
        std::isnan(ssim) ? "needs 11 x 11 pixels" : fmt::format("{:.5f}", ssim), mse, kappaMax, kappaMean,
        metrics::kPixelsPerDegree, visible.p99, visible.p999, 100 * visible.shareOver1);
}

void writePicture(Session& session, const CompareArguments& arguments, const std::vector<float>& kappa,
                  int width, int height) {
    try {
        OutputGuard({arguments.a, arguments.b}).claim(arguments.picture);
        writeFileAtomically(arguments.picture, image::encode(kappaImage(kappa, width, height), {}),
                            arguments.force ? IfExists::Replace : IfExists::Refuse);
    } catch (const Error& error) {
        session.fail(arguments.picture, error);
    }
}

void run(Session& session, const CompareArguments& arguments) {
    if (!arguments.picture.empty() && fs::path(arguments.picture).extension() != ".png")
        throw Error(ErrorCode::BadOption,
                    "the picture of the difference is a PNG: give a name that ends in .png");
    const auto a = load(session, arguments.a);
    const auto b = load(session, arguments.b);
    if (!a || !b) return;
    try {
        const double mse = metrics::mse(*a, *b);
        const double psnr = metrics::psnrFromMse(mse);
        const double ssim = ssimOrNan(*a, *b);
        const std::vector<float> kappa = examine::kappaMap(*a, *b);
        const double kappaMax = *std::max_element(kappa.begin(), kappa.end());
        const double kappaMean =
            std::accumulate(kappa.begin(), kappa.end(), 0.0) / static_cast<double>(kappa.size());
        const metrics::VisibleDifference visible = metrics::visibleDifference(*a, *b);
        // Numbers that are not finite are null in JSON.
        session.emit({{"psnr_db", psnr},
                      {"ssim", ssim},
                      {"mse", mse},
                      {"kappa_max", kappaMax},
                      {"kappa_mean", kappaMean},
                      {"visible", metrics::toJson(visible)}},
                     readable(psnr, ssim, mse, kappaMax, kappaMean, visible));
        if (!arguments.picture.empty()) writePicture(session, arguments, kappa, a->width, a->height);
    } catch (const Error& error) {
        session.fail(arguments.b, error);
    }
}

}  // namespace

void addCompare(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(app, common, "compare", "Measure the difference between two images of one size",
                      "signet compare original.png signed.png --heatmap difference.png");
    auto arguments = std::make_shared<CompareArguments>();
    sub.add_option("A", arguments->a, "The one image")->required();
    sub.add_option("B", arguments->b, "The other image")->required();
    sub.add_option(
        "--heatmap", arguments->picture,
        "PNG of kappa, the per-pixel L2 norm over RGB of the 8-bit difference, from 0 to its maximum");
    sub.add_flag("--force", arguments->force, "Replace the picture of the difference if it exists");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { run(session, *arguments); });
    });
}

}  // namespace signet::cli
