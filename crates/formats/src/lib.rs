//! Template files to Projects: aep, aepx, mogrt, zip, Lottie.
